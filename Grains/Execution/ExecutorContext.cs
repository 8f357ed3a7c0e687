namespace Orleans.Dask.Grains.Execution;

/// <summary>Brings the continuations of asynchronous user code back to the slots: a task that waits gives its slot away and takes one again.</summary>
internal sealed class ExecutorContext(IExecutor executor) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => executor.Resume(d, state);

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs user code under this context, and nothing else of the thread's work.</summary>
    public static void Run(IExecutor executor, Action userCode)
    {
        var before = Current;
        SetSynchronizationContext(new ExecutorContext(executor));
        try
        {
            userCode();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
