using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// Runs graphs on threads of its own, which steal work from each other; the default when no client is open.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A thread goes on with a task that the one just finished made ready, so chains and trees need no queue and no lock;
/// what else became ready waits on the thread's own <see cref="WorkDeque"/> for it or for a thief.</item>
/// <item>A value is let go as soon as its last dependant has run.</item>
/// <item>A task may call <c>ComputeAsync</c> of the same scheduler and block on it: the thread works on the inner graph meanwhile.
/// Where the call comes from elsewhere on the task's behalf (<c>Parallel.For</c>, <c>Task.Run</c>) and all threads wait,
/// a thread more is lent until the inner graph is done.</item>
/// <item>An asynchronous function gives its thread back while it waits. So many more tasks than threads may be under way, at most
/// <see cref="PendingPerThread"/> a thread before new inputs are begun.</item>
/// <item>After a failure, only tasks that stand before the failed one in the order still run, so that the error is the one
/// that a single thread would have met first. The call ends when everything that was begun has ended.</item>
/// </list>
/// Threads are started by the first graph and end some seconds after the last: there is nothing to dispose.
/// </remarks>
public sealed partial class ThreadsScheduler : IGraphScheduler
{
    /// <summary>How many asynchronous tasks a thread, on average, leaves waiting before it stops beginning new ones.</summary>
    internal const int PendingPerThread = 16;

    // Flows from a task to whatever it calls, on any thread.
    private static readonly AsyncLocal<ThreadsScheduler?> s_inside = new();

    /// <summary>With that many threads.</summary>
    /// <param name="threads">How many tasks run at once, at least 1. Default: the processors of this machine.</param>
    public ThreadsScheduler(int? threads = null)
    {
        Threads = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1, nameof(threads));
        _workers = new Worker[Threads];
    }

    /// <summary>The one that all computations without a client share.</summary>
    public static ThreadsScheduler Shared { get; } = new();

    /// <summary>How many tasks run at once.</summary>
    public int Threads { get; }

    /// <inheritdoc/>
    public Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<object?[]>(cancellationToken);
        }

        var run = new ThreadsRun(this, graph, wanted, cancellationToken);
        Begin(run);
        if (t_worker is { } worker && worker.Scheduler == this)
        {
            WorkUntilDone(run, worker);
        }
        else if (s_inside.Value == this)
        {
            _ = LendWhenStuckAsync(run);
        }

        return run.Completion;
    }

    /// <inheritdoc/>
    public async Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
        LocalGraph.Persisted(wanted, await ComputeAsync(graph, wanted, cancellationToken));
}
