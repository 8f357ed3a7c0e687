namespace Orleans.Dask;

/// <summary>Values did not fit into the memory limit, and could not be put on the disk or brought back from it.</summary>
public sealed class SpillException : IOException
{
    /// <summary>Without words; for serialisers.</summary>
    public SpillException()
    {
    }

    /// <summary>With what is known.</summary>
    public SpillException(string message)
        : base(message)
    {
    }

    /// <summary>With what is known, and what the disk said.</summary>
    public SpillException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
