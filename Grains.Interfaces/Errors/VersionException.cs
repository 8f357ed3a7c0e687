namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Client and silos are of versions that do not understand each other. Trying again does not help.</summary>
[GenerateSerializer, Alias("dask.VersionException")]
public sealed class VersionException : Exception
{
    /// <summary>Without words; for serialisers.</summary>
    public VersionException()
    {
    }

    /// <summary>With both versions, and the way out.</summary>
    public VersionException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public VersionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
