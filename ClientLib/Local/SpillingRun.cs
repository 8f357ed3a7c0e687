using System.Diagnostics;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask;

/// <summary>
/// A graph under a memory limit. What does not fit lies on the disk until it is needed: first what is needed last.
/// </summary>
/// <remarks>
/// <code>
///                    begin: inputs pinned, room made                end: value there, inputs let go
///   waiting ──► ready ──────────────────────────► running ────────────────────────────► in memory ◄──► on disk
///               lowest number first                                                       a victim when not pinned
/// </code>
/// <list type="bullet">
/// <item>Ready tasks run in the order of their numbers, which is the order that keeps memory flat; one lock guards all of it,
/// for under a limit tasks are large.</item>
/// <item>The numbers also tell when a value is needed next. The victim is the one needed last, which is the best there can be
/// (Belady, 1966), where a cache that knows no future throws out what was not used for long.</item>
/// <item>A task begins when its inputs and what its function was seen to need fit beside what is held, victims considered.
/// Otherwise it waits for another one to end. A run of which no task is running begins one all the same: it always gets on.</item>
/// <item>A value on the disk stays there when it is read, so that it need not be written twice. Functions that say so
/// (<see cref="ITakesSpilled"/>) read just their part of it.</item>
/// <item>What a caller asked for goes to the caller, and does not count.</item>
/// </list>
/// </remarks>
internal sealed partial class SpillingRun : GraphRun
{
    private readonly MemoryBudget _budget;
    private readonly SpillFile _file;
    private readonly object _gate = new();
    private readonly PriorityQueue<int, int> _ready = new();
    private readonly Queue<int> _returned = new();
    private readonly Needs _needs;
    private readonly bool _keeps;
    private ExecutionContext? _context;
    private Footprints _footprints = null!;
    private Entry[] _entries = [];
    private int _running;
    private int _waiting;            // ready or returned
    private int _starvedAt = -1;     // version of the budget at which the next task did not fit

    public SpillingRun(ThreadsScheduler scheduler, MemoryBudget budget, string? folder, TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellation, bool keeps = false)
        : base(scheduler, graph, wanted, cancellation)
    {
        _keeps = keeps;
        (_budget, _file) = (budget, new SpillFile(folder, scheduler.SpillDisk));
        _needs = new Needs(budget.Limit / (2 * scheduler.Threads));
        budget.Begin();
    }

    /// <summary>What is asked for, where it is to be kept: it counts, and may lie on the disk. Null before the end.</summary>
    public KeptValues? Kept { get; private set; }

    public override bool HasWork => Volatile.Read(ref _planState) switch
    {
        PlanStates.Planned => Volatile.Read(ref _waiting) > 0 && Volatile.Read(ref _starvedAt) != _budget.Version,
        var state => state == PlanStates.New,
    };

    public override bool Work(int index)
    {
        if (!IsPlanned())
        {
            return false;
        }

        _context = ExecutionContext.Capture();
        var worked = false;
        while (TryNext(out var task))
        {
            worked = true;
            Run(task);
            if (_scheduler.HasSeveralRuns)
            {
                _scheduler.Signal();
                break;
            }
        }

        return worked;
    }

    protected override void Prepare()
    {
        base.Prepare();
        if (_keeps)
        {
            // Then they are values like the others, but for their uses: nobody takes the last one.
            Array.Clear(_isWanted);
        }

        _footprints = new Footprints(_flat.Count);
        _entries = new Entry[_flat.Count];
        for (var id = 0; id < _flat.Count; id++)
        {
            if (_flat.Nodes[id] is DataNode)
            {
                _footprints.Exempt(_values[id]);
                _entries[id].Place = Place.Given;
            }
        }

        foreach (var source in _sources)
        {
            _ready.Enqueue(source, source);
        }

        _waiting = _ready.Count;
    }

    protected override object?[] Results()
    {
        if (!_keeps)
        {
            return base.Results();
        }

        lock (_gate)
        {
            int[] wanted = [.. _flat.Wanted];
            int[] ids = [.. wanted.Where(id => _entries[id].Place != Place.Given).Distinct()];
            var places = ids.Index().ToDictionary(place => place.Item, place => place.Index);
            Kept = new KeptValues(_budget, _file, _footprints, ids.Select(id => (id, _values[id], _entries[id].Spilled)));
            return Array.ConvertAll(wanted, id => _entries[id].Place == Place.Given ? _values[id] : new KeptValue(Kept, places[id]));
        }
    }

    protected override void End()
    {
        base.End();
        if (Kept is not null)
        {
            _budget.End(_file.Written);
            _scheduler.SignalAll();
            return;
        }

        lock (_gate)
        {
            _budget.Change(-_counted, 0);
        }

        try
        {
            _file.Dispose();
        }
        catch (Exception thrown) when (thrown is IOException or UnauthorizedAccessException)
        {
            // The answer is as right as it was. The next run that spills takes what lies there for abandoned.
            Trace.TraceWarning($"The folder of spilled values {_file.Folder} could not be removed: {thrown.Message}");
        }

        _budget.End(_file.Written);
        _scheduler.SignalAll();
    }

    /// <summary>The next task, with its inputs pinned and its memory spoken for; those of the victims that must be written are on its list.</summary>
    private bool TryNext(out Started task)
    {
        lock (_gate)
        {
            if (_returned.TryDequeue(out var back))
            {
                _waiting--;
                task = new Started(back) { IsBack = true };
                return true;
            }

            task = default;
            var version = _budget.Version;
            if (!_ready.TryPeek(out var id, out _))
            {
                return false;
            }

            task = new Started(id) { IsSkipped = id > Volatile.Read(ref _last) };
            if (!task.IsSkipped && (_running >= _scheduler.Threads * ThreadsScheduler.PendingPerThread || !TryBegin(ref task)))
            {
                Volatile.Write(ref _starvedAt, version);
                return false;
            }

            _ready.Dequeue();
            _waiting--;
            _running++;
            return true;
        }
    }

    private void Run(Started task)
    {
        if (task.IsBack)
        {
            Finish(_entries[task.Id].Task, _values[task.Id]);
            return;
        }

        object? value = null;
        if (task.IsSkipped || BringIn(ref task) is not { } inputs)
        {
            _skipped = true;
        }
        else if (_flat.Nodes[task.Id] is CallNode call)
        {
            try
            {
                if (call.Function is not ILending { Lends: true })
                {
                    Array.ForEach(inputs, Lent.Keep);
                }

                var before = Needs.Allocated;
                var result = call.Function.InvokeAsync(TaskArguments.Fill(call.Arguments, inputs), new TaskContext(call.Key, Attempt: 1, _stop.Token));
                if (!result.IsCompleted)
                {
                    _ = AwaitAsync(task, result);
                    return;
                }

                value = result.GetAwaiter().GetResult();
                task.Allocated = Needs.Allocated - before;
            }
            catch (Exception thrown)
            {
                Fail(task.Id, thrown);
            }

            // A culture or an AsyncLocal that one task sets is not the next one's.
            if (_context is { } context && !ReferenceEquals(ExecutionContext.Capture(), context))
            {
                ExecutionContext.Restore(context);
            }
        }
        else
        {
            value = inputs[0];
        }

        Finish(task, value);
    }

    private async Task AwaitAsync(Started task, ValueTask<object?> result)
    {
        object? value = null;
        try
        {
            value = await result;
        }
        catch (Exception thrown)
        {
            Fail(task.Id, thrown);
        }

        lock (_gate)
        {
            _values[task.Id] = value;
            _entries[task.Id].Task = task;
            _returned.Enqueue(task.Id);
            _waiting++;
            Volatile.Write(ref _starvedAt, -1);
        }

        _scheduler.Signal();
    }

    private void Finish(Started task, object? value)
    {
        var (ready, isDone) = (0, false);
        lock (_gate)
        {
            Hold(task.Id, value);
            Keep(task, value);
            LetInputsGo(task);
            Count();
            foreach (var dependant in _flat.Dependants(task.Id))
            {
                if (--_missing[dependant] == 0)
                {
                    _ready.Enqueue(dependant, dependant);
                    ready++;
                }
            }

            _waiting += ready;
            _running--;
            isDone = --_remaining == 0;
            Volatile.Write(ref _starvedAt, -1);
        }

        if (isDone)
        {
            Complete();
        }
        else
        {
            // One who waits for memory waits for this; and this thread takes one of the tasks itself.
            _scheduler.SignalAll();
        }
    }

    /// <summary>Where a value is.</summary>
    private enum Place : byte
    {
        Nowhere,
        Given,
        Memory,
        Writing,
        Disk,
        Reading,
    }

    /// <summary>What is known of a value besides itself.</summary>
    private struct Entry
    {
        public Place Place;
        public bool IsDone;          // its task has run
        public bool Stays;           // it can't be encoded
        public int Pins;             // running tasks that take it
        public int NextUser;         // place, in the row of its dependants, of the first that has not run
        public long Bytes;           // what it takes in memory when it is read
        public SpilledValue? Spilled;
        public Started Task;         // of one that awaits
    }

    /// <summary>A task that has begun.</summary>
    private struct Started(int id)
    {
        public int Id = id;
        public bool IsBack;          // its function has awaited and is done
        public bool IsSkipped;
        public List<int>? Pins;      // what it has pinned, as often as it has
        public long Reserved;
        public long Allocated;
        public List<int>? Victims;   // to be written first
        public List<int>? Missing;   // to be read then
        public List<(KeptValues Owner, int Index)>? Sheds; // persisted values, to be written first of all
    }
}
