namespace Orleans.Embedded;

/// <summary>Decides when a grain with waiting turns runs, and on which thread.</summary>
internal interface ITurnScheduler
{
    /// <summary>How many turns one run may take before the next in line gets the thread.</summary>
    int TurnsPerRun { get; }

    /// <summary>Runs it soon. It was idle; whoever made it busy calls this once.</summary>
    void Schedule(IThreadPoolWorkItem work);

    /// <summary>Runs it after everything that waits already: it used up its share.</summary>
    void Yield(IThreadPoolWorkItem work);
}

/// <summary>Turns on the thread pool.</summary>
internal sealed class PoolTurnScheduler : ITurnScheduler
{
    public static readonly PoolTurnScheduler Instance = new();

    public int TurnsPerRun => 64;

    // The local queue first: the thread that sent a message is about to wait for its answer and finds the receiver's work warm.
    public void Schedule(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);

    public void Yield(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}
