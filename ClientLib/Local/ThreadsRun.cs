using System.Collections.Concurrent;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>A graph without a memory limit. Any thread may work on it at any time.</summary>
/// <remarks>
/// A thread looks for its next task in this order: what the last one made ready; its own deque; a block of nodes without inputs,
/// in graph order; asynchronous tasks that came back; other threads' deques. Counters of one writer are read plainly: who finds a 1
/// in a counter is the last to count down.
/// </remarks>
internal sealed class ThreadsRun : GraphRun
{
    private const int NoTask = -1;

    private readonly ConcurrentQueue<int> _returned = new();
    private readonly Lane[] _lanes;
    private int _block;
    private int _nextSource;
    private int _pending;

    public ThreadsRun(ThreadsScheduler scheduler, TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellation)
        : base(scheduler, graph, wanted, cancellation)
    {
        // The last lane is for a thread that is lent.
        _lanes = new Lane[scheduler.Threads + 1];
        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanes[i] = new Lane(i);
        }
    }

    public override bool HasWork => Volatile.Read(ref _planState) switch
    {
        PlanStates.Planned => HasSources || !_returned.IsEmpty || Array.Exists(_lanes, lane => !lane.Ready.IsEmpty),
        var state => state == PlanStates.New,
    };

    private bool HasSources =>
        Volatile.Read(ref _nextSource) < _sources.Length
        && (Volatile.Read(ref _pending) < _scheduler.Threads * ThreadsScheduler.PendingPerThread || Volatile.Read(ref _last) < Everything);

    public override bool Work(int index)
    {
        if (!IsPlanned())
        {
            return false;
        }

        var lane = _lanes[index];
        lane.Context = ExecutionContext.Capture();
        var since = Environment.TickCount64;
        var worked = false;
        while (TryNext(lane, out var id))
        {
            worked = true;
            while (id >= 0)
            {
                id = Run(lane, id);
                if (id >= 0 && _scheduler.HasSeveralRuns && Environment.TickCount64 > since)
                {
                    lane.Ready.Push(id);
                    _scheduler.Signal();
                    id = NoTask;
                }
            }

            if (_scheduler.HasSeveralRuns && Environment.TickCount64 > since)
            {
                break;
            }
        }

        CountFinished(lane);
        return worked;
    }

    protected override void Prepare()
    {
        base.Prepare();
        _block = Math.Clamp(_sources.Length / (_scheduler.Threads * 16), 1, 32);
    }

    private bool TryNext(Lane lane, out int id)
    {
        if (lane.Ready.TryPop(out id) || TryTakeSources(lane, out id))
        {
            return true;
        }

        while (_returned.TryDequeue(out id))
        {
            id = Finish(lane, id, _values[id]);
            if (id >= 0)
            {
                return true;
            }
        }

        for (var i = 1; i < _lanes.Length; i++)
        {
            if (_lanes[(lane.Index + i) % _lanes.Length].Ready.TrySteal(out id))
            {
                return true;
            }
        }

        id = NoTask;
        return false;
    }

    // Sources are taken in blocks of neighbours, so that a thread stays within one branch of a tree.
    private bool TryTakeSources(Lane lane, out int id)
    {
        id = NoTask;
        if (!HasSources)
        {
            return false;
        }

        var start = Interlocked.Add(ref _nextSource, _block) - _block;
        if (start >= _sources.Length)
        {
            return false;
        }

        var end = Math.Min(start + _block, _sources.Length);
        for (var i = end - 1; i > start; i--)
        {
            lane.Ready.Push(_sources[i]);
        }

        id = _sources[start];
        if (end - start > 1)
        {
            _scheduler.Signal();
        }

        return true;
    }

    /// <returns>A task that became ready and is to be run next, or <see cref="NoTask"/>.</returns>
    private int Run(Lane lane, int id)
    {
        object? value = null;
        if (id > Volatile.Read(ref _last))
        {
            _skipped = true;
        }
        else if (_flat.Nodes[id] is CallNode call)
        {
            try
            {
                var arguments = Arguments(call, id);
                if (call.Function is not ILending { Lends: true })
                {
                    KeepInputs(id);
                }

                var result = call.Function.InvokeAsync(arguments, new TaskContext(call.Key, Attempt: 1, _stop.Token));
                if (!result.IsCompleted)
                {
                    _ = AwaitAsync(id, result);
                    return NoTask;
                }

                value = result.GetAwaiter().GetResult();
            }
            catch (Exception thrown)
            {
                Fail(id, thrown);
            }

            // A culture or an AsyncLocal that one task sets is not the next one's.
            if (lane.Context is { } context && !ReferenceEquals(ExecutionContext.Capture(), context))
            {
                ExecutionContext.Restore(context);
            }
        }
        else
        {
            value = _values[_flat.Dependencies(id)[0]];
        }

        return Finish(lane, id, value);
    }

    // User code awaits wherever it likes; only its value comes back to our threads.
    private async Task AwaitAsync(int id, ValueTask<object?> result)
    {
        Interlocked.Increment(ref _pending);
        try
        {
            _values[id] = await result;
        }
        catch (Exception thrown)
        {
            Fail(id, thrown);
        }

        Interlocked.Decrement(ref _pending);
        _returned.Enqueue(id);
        _scheduler.Signal();
    }

    private int Finish(Lane lane, int id, object? value)
    {
        Hold(id, value);
        _values[id] = value;
        foreach (var input in _flat.Dependencies(id))
        {
            if (IsLast(ref _uses[input]))
            {
                Lent.LetGo(_values[input]);
                _values[input] = null;
            }
        }

        // From the back: the first in order is run next, the second lies on top of the deque.
        var next = NoTask;
        var dependants = _flat.Dependants(id);
        for (var i = dependants.Length - 1; i >= 0; i--)
        {
            var dependant = dependants[i];
            if (IsLast(ref _missing[dependant]))
            {
                if (next != NoTask)
                {
                    lane.Ready.Push(next);
                    _scheduler.Signal();
                }

                next = dependant;
            }
        }

        lane.Finished++;
        return next;
    }

    private static bool IsLast(ref int count) => Volatile.Read(ref count) == 1 || Interlocked.Decrement(ref count) == 0;

    // Threads count what they finished on their own, and add up when they run out of work: the last one then finds zero.
    private void CountFinished(Lane lane)
    {
        var finished = lane.Finished;
        lane.Finished = 0;
        if (finished > 0 && Interlocked.Add(ref _remaining, -finished) == 0)
        {
            Complete();
        }
    }

    /// <summary>What one thread has in this graph.</summary>
    private sealed class Lane(int index)
    {
        public int Index { get; } = index;

        public WorkDeque Ready { get; } = new();

        public int Finished { get; set; }

        /// <summary>What its thread had before the first task.</summary>
        public ExecutionContext? Context { get; set; }
    }
}
