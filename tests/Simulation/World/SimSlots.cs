using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Simulation.Faults;

namespace Orleans.Dask.Simulation.World;

/// <summary>
/// The executor of a silo: as many works at a time as it has slots, the best first, and one more thing beside them. A work
/// keeps its slot for a time drawn from the seed.
/// </summary>
internal sealed class SimSlots(SimProcess process) : IExecutor
{
    private readonly SeededRandom _random = SeededRandom.For(process.World.Seed, "slots of " + process.Name);
    private readonly PriorityQueue<ExecutorWork, (long Priority, long Order)> _works = new();
    private readonly Queue<ExecutorWork> _aside = new();
    private long _order;
    private int _busy;
    private bool _asideBusy;

    public int Slots { get; set; } = 1;

    public TimeSpan LongestTask { get; set; } = TimeSpan.FromMilliseconds(2);

    public void Post(IReadOnlyList<ExecutorWork> works)
    {
        foreach (var work in works)
        {
            Post(work);
        }
    }

    public void Post(ExecutorWork work)
    {
        _works.Enqueue(work, (work.Priority, _order++));
        if (_busy < Slots)
        {
            _busy++;
            Next();
        }
    }

    public void PostAside(ExecutorWork work)
    {
        _aside.Enqueue(work);
        if (!_asideBusy)
        {
            _asideBusy = true;
            NextAside();
        }
    }

    public void Resume(SendOrPostCallback callback, object? state) =>
        Post(new ActionWork(() => ExecutorContext.Run(this, () => callback(state))) { Priority = long.MinValue });

    /// <summary>A free slot looks for work, and does it after a while.</summary>
    private void Next() => process.After(_random.Span(TimeSpan.FromMicroseconds(1), TimeSpan.FromMicroseconds(50)), "slot", null, () =>
    {
        if (!_works.TryDequeue(out var work, out _))
        {
            _busy--;
            return;
        }

        process.World.Strike(Strike.SlowTask, work is WorkerTask && process.Slowness > 1 ? 1 : 0);
        process.After(_random.Span(TimeSpan.FromMicroseconds(1), LongestTask) * (work is WorkerTask ? process.Slowness : 1), "works", Named(work), () =>
        {
            Next();
            if (work is WorkerTask { State: WorkerTaskState.Queued } task)
            {
                process.World.Began(task.Session.Id, task.Key);
            }

            work.Run();
        });
    });

    private void NextAside() => process.After(_random.Span(TimeSpan.FromMicroseconds(1), TimeSpan.FromMicroseconds(200)) * process.Slowness, "aside", null, () =>
    {
        var work = _aside.Dequeue();
        if (_aside.Count > 0)
        {
            NextAside();
        }
        else
        {
            _asideBusy = false;
        }

        work.Run();
    });

    private static string? Named(ExecutorWork work) => work is WorkerTask task ? task.Key.Layer : null;
}
