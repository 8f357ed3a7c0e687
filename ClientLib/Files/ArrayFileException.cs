namespace Orleans.Dask;

/// <summary>A file that is not what its format says. The message names the file, what stands there, and what was expected.</summary>
public sealed class ArrayFileException : Exception
{
    /// <summary>Without words; for serialisers.</summary>
    public ArrayFileException()
    {
    }

    /// <summary>With what was found.</summary>
    public ArrayFileException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public ArrayFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
