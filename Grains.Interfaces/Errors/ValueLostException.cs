namespace Orleans.Dask.Grains.Interfaces;

/// <summary>A value is gone with the silos that held it, and nothing can make it again: it was scattered by a client, not computed.</summary>
[GenerateSerializer, Alias("dask.ValueLostException")]
public sealed class ValueLostException : Exception
{
    /// <summary>Without words; for serialisers.</summary>
    public ValueLostException()
    {
    }

    /// <summary>With what was found, and the way out.</summary>
    public ValueLostException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public ValueLostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
