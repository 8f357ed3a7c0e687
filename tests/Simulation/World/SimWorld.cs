using System.Diagnostics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Simulation.World;

/// <summary>
/// All there is of a run: one thread, one clock that moves only from event to event, and one queue of events. Whatever could
/// happen at the same time happens in an order drawn from the seed; so the seed is the schedule, and running it again is running the same.
/// </summary>
/// <remarks>
/// A turn of a grain, what follows an await, a timer, a message's arrival, a job of an executor: each is one event of one process.
/// A process that crashed has no events any more; one that hangs has them later.
/// </remarks>
internal sealed class SimWorld
{
    /// <summary>Events that may follow each other within one virtual second before a run counts as running in circles.</summary>
    private const int MostEventsPerSecond = 3_000_000;

    private readonly PriorityQueue<SimEvent, (long Ticks, ulong Order)> _queue = new();
    private readonly Dictionary<(SessionId, TaskKey), int> _runs = [];
    private readonly SeededRandom _schedule;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _poolWorks = ThreadPool.CompletedWorkItemCount + ThreadPool.PendingWorkItemCount;
    private long _second;
    private long _eventsThisSecond;

    public SimWorld(long seed, TextWriter? log)
    {
        Seed = seed;
        Log = new EventLog(log);
        _schedule = SeededRandom.For(seed, "schedule");
        Randomness = SeededRandom.For(seed, "randomness");
    }

    public long Seed { get; }

    public EventLog Log { get; }

    /// <summary>Remarks on works that go to the thread pool: only where this world is alone in its process.</summary>
    public bool WatchesPool { get; init; }

    /// <summary>What the program under test draws from.</summary>
    public SeededRandom Randomness { get; }

    /// <summary>Virtual time since the start, in 100 ns.</summary>
    public long Now { get; private set; }

    public TimeSpan Elapsed => TimeSpan.FromTicks(Now);

    /// <summary>What went against the rules of the house, whoever did it: each makes the run a failure.</summary>
    public List<string> Defects { get; } = [];

    /// <summary>How often each kind of fault has struck.</summary>
    public SortedDictionary<string, int> Strikes { get; } = new(StringComparer.Ordinal);

    /// <summary>How often each task has begun, on whatever silo.</summary>
    public IReadOnlyDictionary<(SessionId Session, TaskKey Key), int> Runs => _runs;

    public bool IsOver { get; private set; }

    /// <summary>The process whose event runs.</summary>
    [field: ThreadStatic]
    public static SimProcess? Current { get; private set; }

    public void Began(SessionId session, TaskKey key) => _runs[(session, key)] = _runs.GetValueOrDefault((session, key)) + 1;

    /// <summary>A moment for something that is ready now: soon, and in no order with what else is ready.</summary>
    public long Soon(int withinMicroseconds = 20) => Now + _schedule.Next((withinMicroseconds * 10) + 1);

    public void Enqueue(SimEvent happening, long at)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Escaped(happening);
            return;
        }

        if (!IsOver)
        {
            _queue.Enqueue(happening, (Math.Max(at, Now), _schedule.Next()));
        }
    }

    /// <summary>Runs until the condition holds.</summary>
    /// <returns>False: it did not within the virtual time given.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan atMost)
    {
        var end = Now + atMost.Ticks;
        while (!condition())
        {
            if (Defects.Count > 20 || !_queue.TryPeek(out _, out var next) || next.Ticks > end)
            {
                Now = Math.Max(Now, end);
                return condition();
            }

            Step(_queue.Dequeue(), next.Ticks);
        }

        return true;
    }

    public void Run(TimeSpan time) => RunUntil(static () => false, time);

    public void Strike(string kind, int times = 1)
    {
        if (times > 0)
        {
            Strikes[kind] = Strikes.GetValueOrDefault(kind) + times;
        }
    }

    public void Note(SimProcess process, string kind, string what, string? more = null) => Log.Add(Now, process.Name, kind, what, more);

    public void Defect(string what)
    {
        lock (Defects)
        {
            if (!IsOver)
            {
                Defects.Add(what);
            }
        }
    }

    /// <summary>Nothing happens any more: what is still queued is forgotten.</summary>
    public void End()
    {
        IsOver = true;
        _queue.Clear();
    }

    private void Step(SimEvent happening, long ticks)
    {
        var process = happening.Process;
        if (happening.IsStale || !process.IsAlive)
        {
            return;
        }

        if (process.HangsUntil > ticks)
        {
            _queue.Enqueue(happening, (process.HangsUntil, _schedule.Next()));
            return;
        }

        Now = Math.Max(Now, ticks);
        CountEvent();
        happening.AddTo(Log, Now);
        var clean = ExecutionContext.Capture()!;
        Current = process;
        SynchronizationContext.SetSynchronizationContext(happening.IsTurn ? null : process.Context);
        try
        {
            happening.Run();
        }
        catch (Exception e)
        {
            Defect($"{process.Name}: {happening} threw {e}");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
            Current = null;
            ExecutionContext.Restore(clean);
        }

        if (WatchesPool)
        {
            WatchPool(process);
        }
    }

    // The only sign of what goes to the thread pool and never comes back; true where one world runs alone.
    private void WatchPool(SimProcess process)
    {
        var works = ThreadPool.CompletedWorkItemCount + ThreadPool.PendingWorkItemCount;
        if (works > _poolWorks)
        {
            Log.Remark(Now, process.Name, "a work went to the thread pool in or just before this event");
        }

        _poolWorks = works;
    }

    private void CountEvent()
    {
        var second = Now / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            (_second, _eventsThisSecond) = (second, 0);
        }

        if (++_eventsThisSecond == MostEventsPerSecond)
        {
            throw new InvalidOperationException($"{MostEventsPerSecond:N0} events within second {_second} of virtual time: something runs in circles.");
        }
    }

    private void Escaped(SimEvent happening) =>
        Defect($"{happening.Process.Name}, {Elapsed.TotalSeconds:0.000000} s: Something went to another thread and came back from there ({happening}): it must go through a seam, or no run can be replayed.\n{new StackTrace(2)}");
}
