namespace Orleans.Dask.Grains.Interfaces;

/// <summary>A task threw. The message names the task and where it ran; <see cref="Exception.InnerException"/> is what it threw, with its stack.</summary>
[GenerateSerializer, Alias("dask.TaskFailedException")]
public sealed class TaskFailedException : Exception
{
    /// <summary>Without words; for serialisers.</summary>
    public TaskFailedException()
    {
    }

    /// <summary>With what is known besides.</summary>
    public TaskFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With what is known besides, and what was thrown.</summary>
    public TaskFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The task that threw.</summary>
    public TaskFailedException(TaskKey key, string? worker, int attempt, Exception thrown)
        : base($"Task '{key}' failed{(worker is null ? "" : $" on {worker}")}{(attempt > 1 ? $", attempt {attempt}" : "")}: {thrown?.GetType().Name}: {thrown?.Message}", thrown)
    {
        Key = key;
        Worker = worker;
        Attempt = attempt;
    }

    /// <summary>The value that could not be made.</summary>
    [Id(0)] public TaskKey Key { get; private set; }

    /// <summary>The silo it ran on; null in this process.</summary>
    [Id(1)] public string? Worker { get; private set; }

    /// <summary>How often it was tried, from 1.</summary>
    [Id(2)] public int Attempt { get; private set; }
}
