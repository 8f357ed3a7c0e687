namespace Orleans.Dask.Grains.Execution;

/// <summary>Something to be done on one of an executor's threads.</summary>
internal abstract class ExecutorWork
{
    /// <summary>Smaller runs first.</summary>
    public long Priority { get; set; }

    /// <summary>Must not throw: nobody is there to catch.</summary>
    public abstract void Run();
}

/// <summary>Where user code runs, and the work of encoding for it; never a grain's turn. The simulator brings its own.</summary>
internal interface IExecutor
{
    /// <summary>Works it does at a time.</summary>
    int Slots { get; }

    /// <summary>Queues works for the slots, best priority first.</summary>
    void Post(IReadOnlyList<ExecutorWork> works);

    /// <summary>Queues one work for the slots.</summary>
    void Post(ExecutorWork work);

    /// <summary>
    /// Queues encoding, decoding and sending, in the order in which they come, on a thread beside the slots:
    /// readers elsewhere must not wait until a long task ends.
    /// </summary>
    void PostAside(ExecutorWork work);

    /// <summary>Queues a continuation of user code: before all else, it has waited already.</summary>
    void Resume(SendOrPostCallback callback, object? state);
}

/// <summary>An action as a work.</summary>
internal sealed class ActionWork(Action action) : ExecutorWork
{
    public override void Run() => action();
}
