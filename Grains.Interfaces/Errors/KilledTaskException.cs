namespace Orleans.Dask.Grains.Interfaces;

/// <summary>A task was given up because the silos it was handed to died one after another.</summary>
[GenerateSerializer, Alias("dask.KilledTaskException")]
public sealed class KilledTaskException : Exception
{
    /// <summary>Without words; for serialisers.</summary>
    public KilledTaskException()
    {
    }

    /// <summary>With what was found, and the way out.</summary>
    public KilledTaskException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public KilledTaskException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
