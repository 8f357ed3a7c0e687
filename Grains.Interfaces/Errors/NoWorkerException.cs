namespace Orleans.Dask.Grains.Interfaces;

/// <summary>No silo was there to run a task for longer than the cluster waits for one.</summary>
[GenerateSerializer, Alias("dask.NoWorkerException")]
public sealed class NoWorkerException : Exception
{
    /// <summary>Without words; for serialisers.</summary>
    public NoWorkerException()
    {
    }

    /// <summary>With what was found, and the way out.</summary>
    public NoWorkerException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public NoWorkerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
