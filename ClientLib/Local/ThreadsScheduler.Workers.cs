namespace Orleans.Dask;

public sealed partial class ThreadsScheduler
{
    private static readonly TimeSpan s_idleThreadEnds = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_looksStuck = TimeSpan.FromMilliseconds(10);

    [ThreadStatic]
    private static Worker? t_worker;

    // Guards _workers, and writes of _runs and _signals.
    private readonly object _gate = new();
    private readonly Worker?[] _workers;
    private GraphRun[] _runs = [];
    private int _waiting;
    private int _helping;
    private int _signals;

    /// <summary>Whether a thread that has been at one graph for a while should look at the others.</summary>
    internal bool HasSeveralRuns => Volatile.Read(ref _runs).Length > 1;

    /// <summary>To be called after work was made visible: wakes a thread if one is waiting.</summary>
    internal void Signal()
    {
        // The work must be visible before we look who waits; a waiting thread says so before it looks for work.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) > 0)
        {
            lock (_gate)
            {
                Wake();
            }
        }
    }

    /// <summary>As <see cref="Signal"/>, for work that all threads can share.</summary>
    internal void SignalAll()
    {
        lock (_gate)
        {
            _signals++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes a finished graph off the list.</summary>
    internal void End(GraphRun run)
    {
        lock (_gate)
        {
            _runs = Array.FindAll(_runs, other => other != run);
            Wake();
        }
    }

    private void Begin(GraphRun run)
    {
        lock (_gate)
        {
            _runs = [.. _runs, run];
            for (var i = 0; i < _workers.Length; i++)
            {
                if (_workers[i] is null)
                {
                    var worker = new Worker(this, i);
                    _workers[i] = worker;
                    worker.Start(() => WorkAlways(worker));
                }
            }

            Wake();
        }
    }

    private void Wake()
    {
        _signals++;
        if (_helping > 0)
        {
            // A helper cares for one graph alone, and may not be the one that this signal is for.
            Monitor.PulseAll(_gate);
        }
        else
        {
            Monitor.Pulse(_gate);
        }
    }

    private void WorkAlways(Worker worker)
    {
        do
        {
            while (WorkOnSomeRun(worker))
            {
            }
        }
        while (Rest(worker, helped: null));
    }

    private bool WorkOnSomeRun(Worker worker)
    {
        var runs = Volatile.Read(ref _runs);
        for (var i = 0; i < runs.Length; i++)
        {
            if (runs[(worker.Turn + i) % runs.Length].Work(worker.Index))
            {
                worker.Turn = (worker.Turn + 1) & short.MaxValue;
                return true;
            }
        }

        return false;
    }

    /// <summary>Works on one graph and on nothing else: a thread that holds up a task must not begin what may wait for it.</summary>
    private void WorkUntilDone(GraphRun run, Worker worker)
    {
        while (!run.IsDone)
        {
            if (!run.Work(worker.Index))
            {
                Rest(worker, run);
            }
        }
    }

    /// <summary>Waits for a signal.</summary>
    /// <returns>False when there is nothing to do any more, and the thread may end.</returns>
    private bool Rest(Worker worker, GraphRun? helped)
    {
        Interlocked.Increment(ref _waiting);
        var seen = Volatile.Read(ref _signals);
        for (var spin = 0; spin < 20; spin++)
        {
            if (helped is null ? HasWork() : helped.HasWork || helped.IsDone)
            {
                Interlocked.Decrement(ref _waiting);
                return true;
            }

            Thread.SpinWait(20);
        }

        lock (_gate)
        {
            worker.IsIdle = helped is null;
            _helping += helped is null ? 0 : 1;
            var goesOn = true;
            while (_signals == seen && goesOn)
            {
                // A graph that is under way may need all threads again at any time.
                goesOn = Monitor.Wait(_gate, s_idleThreadEnds) || helped is not null || _runs.Length > 0;
            }

            if (!goesOn)
            {
                _workers[worker.Index] = null;
            }

            _helping -= helped is null ? 0 : 1;
            worker.IsIdle = false;
            Interlocked.Decrement(ref _waiting);
            return goesOn;
        }
    }

    private bool HasWork()
    {
        foreach (var run in Volatile.Read(ref _runs))
        {
            if (run.HasWork)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Watches over a graph that a task waits for without being on one of our threads.</summary>
    private async Task LendWhenStuckAsync(GraphRun run)
    {
        do
        {
            await Task.Delay(s_looksStuck, TimeProvider.System);
        }
        while (!run.IsDone && !(run.HasWork && AreAllHeldUp()));

        if (!run.IsDone)
        {
            // No other thread works under this index: each graph is lent at most one.
            var worker = new Worker(this, Threads);
            worker.Start(() => WorkUntilDone(run, worker));
        }
    }

    private bool AreAllHeldUp()
    {
        lock (_gate)
        {
            return Array.TrueForAll(_workers, worker => worker is { IsIdle: false, IsHeldUp: true });
        }
    }

    /// <summary>One thread.</summary>
    private sealed class Worker(ThreadsScheduler scheduler, int index)
    {
        private Thread? _thread;

        public ThreadsScheduler Scheduler { get; } = scheduler;

        /// <summary>Its place in every graph it works on.</summary>
        public int Index { get; } = index;

        public int Turn { get; set; } = index;

        /// <summary>Waiting for work, as opposed to waiting within a task. Guarded by the gate.</summary>
        public bool IsIdle { get; set; }

        /// <summary>Blocked in a lock, a wait or a sleep.</summary>
        public bool IsHeldUp => _thread is { } thread && (thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

        public void Start(Action work)
        {
            _thread = new Thread(() =>
            {
                t_worker = this;
                s_inside.Value = Scheduler;
                work();
            })
            {
                IsBackground = true,
                Name = $"dask-{Index}",
            };
            // Without the context of whoever happened to need the thread first.
            _thread.UnsafeStart();
        }
    }
}
