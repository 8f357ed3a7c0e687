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

    /// <summary>How many works in a row a thread may put ahead of what waits for any thread.</summary>
    private const int InARow = 32;

    private const int UsualShare = 64;

    /// <summary>When more than this many works wait for a thread, each gets little, or the last in line waits for all the others' shares.</summary>
    private const int Crowd = 512;
    private const int ShareInCrowd = 4;

    /// <summary>Runs between two looks at how many wait: a look costs as much as some turns.</summary>
    private const int RunsPerLook = 64;

    [ThreadStatic]
    private static int s_inARow;

    [ThreadStatic]
    private static int s_runs;

    private int _share = UsualShare;

    public int TurnsPerRun
    {
        get
        {
            if (s_runs++ % RunsPerLook == 0)
            {
                _share = ThreadPool.PendingWorkItemCount > Crowd ? ShareInCrowd : UsualShare;
            }

            return _share;
        }
    }

    /// <remarks>
    /// A thread's own queue first: the thread that sent a message is about to wait for its answer and finds the receiver's work warm.
    /// But that queue is a stack. A caller and its grain that hand a thread to each other would keep it for themselves for ever;
    /// so now and then the work goes to the end of the common queue, where everybody's turn comes.
    /// </remarks>
    public void Schedule(IThreadPoolWorkItem work)
    {
        var isLocal = s_inARow++ < InARow;
        if (!isLocal)
        {
            s_inARow = 0;
        }

        ThreadPool.UnsafeQueueUserWorkItem(work, isLocal);
    }

    public void Yield(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}
