using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>One graph on its way through the threads of a <see cref="ThreadsScheduler"/>. Any of them may work on it at any time.</summary>
/// <remarks>
/// A thread looks for its next task in this order: what the last one made ready; its own deque; a block of nodes without inputs,
/// in graph order; asynchronous tasks that came back; other threads' deques. Counters of one writer are read plainly: who finds a 1
/// in a counter is the last to count down.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Its token source has neither a timer nor a parent: nothing to dispose, and tasks may still look at the token.")]
internal sealed partial class ThreadsRun
{
    private const int Everything = int.MaxValue;
    private const int Nothing = -1;
    private const int NoTask = -1;

    private readonly ThreadsScheduler _scheduler;
    private readonly TaskGraph _graph;
    private readonly IReadOnlyList<TaskKey> _wanted;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly TaskCompletionSource<object?[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<int> _returned = new();
    private readonly Lane[] _lanes;

    // Made by Plan.
    private int _planState;
    private FlatGraph _flat = null!;
    private object?[] _values = [];
    private int[] _missing = [];     // inputs not there yet
    private int[] _uses = [];        // dependants that have not run yet, and one for each time the value is wanted
    private bool[] _isWanted = [];
    private int[] _sources = [];     // tasks without inputs
    private int _block;

    private int _nextSource;
    private int _remaining;
    private int _pending;
    private int _last = Everything;  // tasks beyond this one are skipped
    private bool _skipped;
    private (int Id, Exception Thrown)? _failure;

    public ThreadsRun(ThreadsScheduler scheduler, TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellation)
    {
        (_scheduler, _graph, _wanted, _cancellation) = (scheduler, graph, wanted, cancellation);
        // The last lane is for a thread that is lent.
        _lanes = new Lane[scheduler.Threads + 1];
        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanes[i] = new Lane(i);
        }

        _registration = cancellation.UnsafeRegister(static run => ((ThreadsRun)run!).Cancel(), this);
    }

    public Task<object?[]> Completion => _completion.Task;

    public bool IsDone => Volatile.Read(ref _planState) == PlanStates.Done;

    /// <summary>Whether a thread that comes now finds something to do.</summary>
    public bool HasWork => Volatile.Read(ref _planState) switch
    {
        PlanStates.Planned => HasSources || !_returned.IsEmpty || Array.Exists(_lanes, lane => !lane.Ready.IsEmpty),
        var state => state == PlanStates.New,
    };

    private bool HasSources =>
        Volatile.Read(ref _nextSource) < _sources.Length
        && (Volatile.Read(ref _pending) < _scheduler.Threads * ThreadsScheduler.PendingPerThread || Volatile.Read(ref _last) < Everything);

    /// <summary>Runs tasks until there are none for this thread.</summary>
    /// <returns>False when there was none from the start.</returns>
    public bool Work(int index)
    {
        var state = Volatile.Read(ref _planState);
        if (state == PlanStates.New && Interlocked.CompareExchange(ref _planState, PlanStates.Planning, state) == state)
        {
            Plan();
        }
        else if (state != PlanStates.Planned)
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

    private object?[] Arguments(CallNode call, int id)
    {
        var dependencies = _flat.Dependencies(id);
        var inputs = dependencies.Length == 0 ? [] : new object?[dependencies.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = _values[dependencies[i]];
        }

        return TaskArguments.Fill(call.Arguments, inputs);
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

    private static class PlanStates
    {
        public const int New = 0;
        public const int Planning = 1;
        public const int Planned = 2;
        public const int Done = 3;
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
