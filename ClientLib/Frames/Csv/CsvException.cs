namespace Orleans.Dask;

/// <summary>A CSV file that is not what was expected of it. The message names file, line, column and value, and the way out.</summary>
[GenerateSerializer, Alias("dask.CsvException")]
public sealed class CsvException : FrameException
{
    /// <summary>With what was found, what was expected, and the way out.</summary>
    public CsvException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public CsvException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Without words; for serialisers.</summary>
    public CsvException()
    {
    }
}
