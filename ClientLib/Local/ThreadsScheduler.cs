using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

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
/// <item>With a <see cref="MemoryLimit"/>, values that do not fit are put on the disk until they are needed, and no more tasks run at
/// once than fit. Without one (the default) nothing is counted.</item>
/// </list>
/// Threads are started by the first graph and end some seconds after the last: there is nothing to dispose.
/// </remarks>
public sealed partial class ThreadsScheduler : IGraphScheduler
{
    /// <summary>How many asynchronous tasks a thread, on average, leaves waiting before it stops beginning new ones.</summary>
    internal const int PendingPerThread = 16;

    // Flows from a task to whatever it calls, on any thread.
    private static readonly AsyncLocal<ThreadsScheduler?> s_inside = new();

    private const string LimitVariable = "ORLEANS_DASK_MEMORY_LIMIT";
    private const string FolderVariable = "ORLEANS_DASK_SPILL_FOLDER";

    // A wrong limit is an error when it is asked for, not in whatever touches this type first.
    private static readonly Lazy<ThreadsScheduler> s_shared = new(static () => FromEnvironment(Environment.GetEnvironmentVariable));

    private readonly MemoryBudget? _budget;
    private readonly string? _spillFolder;

    /// <summary>With that many threads, and so much memory for values.</summary>
    /// <param name="threads">How many tasks run at once, at least 1. Default: the processors of this machine.</param>
    /// <param name="memoryLimit">
    /// Bytes that values between tasks, and tasks with their inputs and outputs, may take; what does not fit lies in files meanwhile.
    /// What a computation returns is the caller's and does not count, nor does what a graph was given; what is persisted does. Chunks should be an eighth of
    /// it divided by the threads or smaller. Default: no limit, which costs nothing.
    /// </param>
    /// <param name="spillFolder">
    /// Where those files go: into a folder of each run's own in it, which goes with the run; that of a process that crashed goes at
    /// the next such run, a minute later or more. For this user's eyes alone; on Windows for theirs who may look into the folder it is
    /// in, which for the default is this user. Default: the system's temporary folder; name another one where that is kept in memory.
    /// </param>
    public ThreadsScheduler(int? threads = null, long? memoryLimit = null, string? spillFolder = null)
    {
        Threads = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1, nameof(threads));
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryLimit ?? 1, 1, nameof(memoryLimit));
        _workers = new Worker[Threads];
        (_budget, _spillFolder) = (memoryLimit is { } limit ? new MemoryBudget(limit) : null, spillFolder);
    }

    /// <summary>
    /// The one that all computations without a client share. Without a memory limit, unless the environment says otherwise when the
    /// process starts: <c>ORLEANS_DASK_MEMORY_LIMIT</c>, as <c>4GB</c>, <c>512MiB</c> or <c>50%</c> of the machine's, and <c>ORLEANS_DASK_SPILL_FOLDER</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The environment's limit is no amount of memory.</exception>
    public static ThreadsScheduler Shared => s_shared.Value;

    /// <summary>How many tasks run at once.</summary>
    public int Threads { get; }

    /// <summary>Bytes that values and running tasks may take; null: as many as there are.</summary>
    public long? MemoryLimit => _budget?.Limit;

    /// <summary>Bytes of values that have been put on the disk for want of memory, by the runs that have ended.</summary>
    public long SpilledBytes => _budget?.Spilled ?? 0;

    /// <summary>The most bytes of values and running tasks there have been at once; 0 without a limit.</summary>
    internal long PeakBytes => _budget?.Peak ?? 0;

    /// <summary>Bytes of values, persisted ones among them, and running tasks at this moment; 0 without a limit.</summary>
    internal long HeldBytes => _budget?.Held ?? 0;

    /// <summary>Where values go; for tests that want a disk which is full.</summary>
    internal SpillDisk SpillDisk { get; init; } = SpillDisk.Default;

    /// <inheritdoc/>
    public Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<object?[]>(cancellationToken);
        }

        return RunAsync(_budget is null
            ? new ThreadsRun(this, graph, wanted, cancellationToken)
            : new SpillingRun(this, _budget, _spillFolder, graph, wanted, cancellationToken));
    }

    /// <inheritdoc/>
    /// <remarks>Under a memory limit the values count towards it, and go to the disk when there is no room; the graph then has tasks that read them.</remarks>
    public async Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
    {
        if (_budget is null)
        {
            return LocalGraph.Persisted(wanted, await ComputeAsync(graph, wanted, cancellationToken));
        }

        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        cancellationToken.ThrowIfCancellationRequested();
        var run = new SpillingRun(this, _budget, _spillFolder, graph, wanted, cancellationToken, keeps: true);
        var results = await RunAsync(run);
        return new KeptGraph(wanted, results, run.Kept);
    }

    private Task<object?[]> RunAsync(GraphRun run)
    {
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

    /// <param name="variable">What the environment says; null where it says nothing.</param>
    internal static ThreadsScheduler FromEnvironment(Func<string, string?> variable) =>
        new(memoryLimit: variable(LimitVariable) is { Length: > 0 } text ? MemorySize.Parse(text, LimitVariable) : null, spillFolder: variable(FolderVariable));
}
