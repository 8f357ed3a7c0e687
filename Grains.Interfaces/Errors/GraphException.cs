namespace Orleans.Dask.Grains.Interfaces;

/// <summary>A graph that cannot be run as it stands: a cycle, a key that nothing makes, a name used twice for different values.</summary>
[GenerateSerializer, Alias("dask.GraphException")]
public sealed class GraphException : Exception
{
    /// <summary>With what was found, what was expected, and the way out.</summary>
    public GraphException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public GraphException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Without words; for serialisers.</summary>
    public GraphException()
    {
    }
}
