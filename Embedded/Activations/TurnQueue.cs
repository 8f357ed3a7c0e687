namespace Orleans.Embedded;

/// <summary>One piece of work of a <see cref="TurnQueue"/>.</summary>
internal abstract class Turn
{
    /// <summary>The one below in the inbox, or the one behind in a list: a turn is in one place at a time.</summary>
    internal Turn? Next;

    /// <summary>Runs on the queue's turn.</summary>
    public abstract void Run(TurnQueue queue);
}

/// <summary>
/// Runs turns one after the other, never two at once, in the order they came. As a <see cref="TaskScheduler"/> it also gets what
/// follows an await inside a turn, so plain C# stays on the turns.
/// </summary>
/// <remarks>
/// The inbox is one pointer: <c>Idle</c> when nothing waits and nothing runs, null while running, else the newest of a linked
/// stack. Whoever replaces <c>Idle</c> schedules the run; the run takes the whole stack and turns it around. No lock is taken.
/// </remarks>
internal abstract class TurnQueue(ITurnScheduler turns) : TaskScheduler, IThreadPoolWorkItem
{
    private static readonly Turn Idle = new IdleMark();
    private static readonly Action<object?> RunTurns = static queue => ((TurnQueue)queue!).RunBatch();

    [ThreadStatic]
    private static Task? s_run;

    private readonly ITurnScheduler _turns = turns;
    private Turn? _inbox = Idle;
    private Turn? _batch;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>The queue whose turn this thread runs.</summary>
    public static TurnQueue? Running => Current as TurnQueue;

    public void Post(Turn turn)
    {
        var seen = Volatile.Read(ref _inbox);
        while (true)
        {
            turn.Next = ReferenceEquals(seen, Idle) ? null : seen;
            var found = Interlocked.CompareExchange(ref _inbox, turn, seen);
            if (ReferenceEquals(found, seen))
            {
                break;
            }

            seen = found;
        }

        if (ReferenceEquals(seen, Idle))
        {
            _turns.Schedule(this);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Inside a task of this scheduler, so that it is current and awaits come back to it.
        var run = new Task(RunTurns, this);
        s_run = run;
        run.RunSynchronously(this);
    }

    protected abstract void Failed(Exception exception);

    protected override void QueueTask(Task task) => Post(new TaskTurn(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        (ReferenceEquals(task, s_run) || ReferenceEquals(Current, this)) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void RunBatch()
    {
        var clean = ExecutionContext.Capture()!;
        for (var left = _turns.TurnsPerRun; left > 0; left--)
        {
            if (_batch is null && !TakeInbox())
            {
                return;
            }

            var turn = _batch!;
            _batch = turn.Next;
            turn.Next = null;
            try
            {
                turn.Run(this);
            }
            catch (Exception e)
            {
                Failed(e);
            }

            // What one turn put into the ambient context must not be seen by the next.
            if (!ReferenceEquals(ExecutionContext.Capture(), clean))
            {
                ExecutionContext.Restore(clean);
            }
        }

        if (_batch is not null || TakeInbox())
        {
            _turns.Yield(this);
        }
    }

    /// <returns>False when there was nothing: the queue is idle then, and another thread may already be running it.</returns>
    private bool TakeInbox()
    {
        var newest = Interlocked.Exchange(ref _inbox, null);
        if (newest is null)
        {
            newest = Interlocked.CompareExchange(ref _inbox, Idle, null);
            if (newest is null)
            {
                return false;
            }

            newest = Interlocked.Exchange(ref _inbox, null);
        }

        Turn? oldest = null;
        while (newest is not null)
        {
            var older = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = older;
        }

        _batch = oldest;
        return true;
    }

    private sealed class IdleMark : Turn
    {
        public override void Run(TurnQueue queue) => throw new InvalidOperationException("The idle mark is no turn.");
    }

    private sealed class TaskTurn(Task task) : Turn
    {
        public override void Run(TurnQueue queue) => queue.TryExecuteTask(task);
    }
}
