using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// Decides what runs where, for one session in one epoch. Events go in, commands and outcomes come out; it awaits nothing,
/// has no clock (time comes with the events) and has never heard of a grain.
/// </summary>
/// <remarks>
/// <code>
///              needed                inputs there           handed out            finished
///   Released ──────────► Waiting ──────────────► Ready ──────────────► Processing ─────────► Memory
///      ▲                    │ ▲                    │ ▲                    │    ▲                │
///      └──── not needed ────┴─┼────────────────────┘ └── given back ──────┤    │                │
///      ▲                      └────────── an input was lost ──────────────┘    │                │
///      ├───────────────────────────────────────────────────────────────────────┼── not needed ──┤
///      └── its holders were lost; it is made again if it is needed ◄────────────┘◄───────────────┘
///   any active state ──► Failed (it threw, an input failed) or Cancelled (on request)
/// </code>
/// Three rules keep it sound. A run handed out is answered exactly once by its worker, or by its worker's death: until then the task
/// keeps its number. Every change of a state counts up or down in its neighbours at once (<see cref="TaskRecord.Missing"/>,
/// <see cref="TaskRecord.Users"/>). What follows from that (a value to release, a task to begin, a record to forget) is put on a list
/// and done when the event is through, by asking again whether it still holds; no recursion, so a chain of a million tasks is no danger.
/// </remarks>
internal sealed partial class SchedulerState
{
    /// <summary>A task that was on so many dying workers is no longer handed out.</summary>
    public const int BlameLimit = 3;

    /// <summary>Lists that were longer are not kept for the next graph.</summary>
    private const int ManyTasks = 50_000;

    private readonly Func<Exception, Payload> _encode;
    private readonly SchedulerOptions _options;
    private readonly TaskTable _tasks = new();
    private readonly EdgeTable _edges = new();
    private readonly FunctionTimes _times = new();
    private readonly List<WorkerView> _workers = [];
    private readonly Dictionary<string, WorkerView> _workersByAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<int>> _replicas = [];
    private readonly Dictionary<int, TaskError> _errors = [];
    private readonly List<SchedulerCommand> _commands = [];
    private readonly List<Outcome> _outcomes = [];
    private readonly Stack<int> _toActivate = new();
    private readonly Stack<int> _toDrop = new();
    private readonly Stack<int> _toForget = new();
    private int _mostTasks;
    private long _now;

    /// <param name="encode">Makes exceptions of the scheduler's own fit to travel.</param>
    /// <param name="options">Its limits.</param>
    public SchedulerState(Func<Exception, Payload> encode, SchedulerOptions? options = null)
    {
        _encode = encode;
        _options = options ?? new SchedulerOptions();
    }

    /// <summary>Orders to workers that the last event led to, in the order in which each worker must carry out its own. Valid until the next event.</summary>
    public List<SchedulerCommand> Commands => _commands;

    /// <summary>What the client learns of the last event. Valid until the next event.</summary>
    public List<Outcome> Outcomes => _outcomes;

    /// <summary>Workers that live and stay, in the order in which they joined.</summary>
    public IEnumerable<WorkerInfo> Workers => _workers.Where(worker => worker.Stays).Select(worker => worker.Info);

    /// <summary>How many tasks are kept: wanted, needed by others, or the recipe of something that is.</summary>
    public int TaskCount => _tasks.Count;

    /// <summary>The number that the next worker to join will get.</summary>
    public int NextWorker => _workers.Count;

    internal TaskTable Tasks => _tasks;

    internal EdgeTable Edges => _edges;

    internal WorkerView Worker(int number) => _workers[number];

    /// <summary>Takes one event; afterwards <see cref="Commands"/> and <see cref="Outcomes"/> say what follows.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="now">Ticks (100 ns) of a clock that never goes back.</param>
    public void Apply(SchedulerEvent happened, long now)
    {
        Empty(_commands);
        Empty(_outcomes);
        _now = Math.Max(now, _now);
        switch (happened)
        {
            case BatchSubmitted submitted: OnSubmitted(submitted.Batch); break;
            case WorkerReported reported: OnReport(reported.Report); break;
            case WorkerJoined joined: OnJoined(joined.Worker, joined.Inventory); break;
            case WorkerLost lost: OnLost(lost.Worker, lost.Left); break;
            case ValueEnsured ensured: OnEnsured(ensured.Key); break;
            case TimePassed: OnTime(); break;
            default: throw new ArgumentException($"'{happened?.GetType().Name}' is no event of a scheduler.", nameof(happened));
        }

        Settle();
        Rescue();
        Dispatch();
        _mostTasks = Math.Max(_mostTasks, _tasks.Count);
        if (_tasks.Count == 0 && _mostTasks > ManyTasks)
        {
            Shrink();
        }
    }

    /// <summary>All of a large graph is gone: so are the lists that it made long.</summary>
    private void Shrink()
    {
        _mostTasks = 0;
        _toActivate.TrimExcess();
        _toDrop.TrimExcess();
        _toForget.TrimExcess();
        _defined.TrimExcess();
        _claimed.TrimExcess();
        _replicas.TrimExcess();
        _errors.TrimExcess();
        _common.Clear();
        _common.TrimExcess();
        foreach (var worker in _workers)
        {
            worker.Queue.Clear();
            worker.Queue.TrimExcess();
        }
    }

    /// <summary>Where a value is, or why it is not.</summary>
    public ValueState Where(TaskKey key)
    {
        var task = _tasks.Find(key);
        if (task < 0)
        {
            return new ValueState(TaskStatusCode.Unknown, [], 0, null);
        }

        ref var record = ref _tasks[task];
        return record.State switch
        {
            TaskState.Memory => new ValueState(TaskStatusCode.Finished, [.. Holders(task).Select(worker => _workers[worker].Info.Address)], record.Bytes, null),
            TaskState.Failed => new ValueState(TaskStatusCode.Failed, [], 0, _errors[task]),
            TaskState.Cancelled => new ValueState(TaskStatusCode.Cancelled, [], 0, null),
            _ => new ValueState(TaskStatusCode.Pending, [], 0, null),
        };
    }

    /// <summary>Does what the changes of one event made due, until nothing is.</summary>
    private void Settle()
    {
        while (true)
        {
            if (_toActivate.TryPop(out var task))
            {
                Activate(task);
            }
            else if (_toDrop.TryPop(out task))
            {
                DropIfUnneeded(task);
            }
            else if (!_holdForget && _toForget.TryPop(out task))
            {
                ForgetIfUnused(task);
            }
            else
            {
                return;
            }
        }
    }

    private static void Empty<T>(List<T> list)
    {
        list.Clear();
        if (list.Capacity > ManyTasks)
        {
            list.Capacity = 0;
        }
    }

    private void Tell(CommandKind kind, int worker, int task) => _commands.Add(new SchedulerCommand(kind, worker, task, _tasks.Key(task)));

    private void TellClient(int task, TaskStatusCode status, Payload? value = null, TaskError? error = null) =>
        _outcomes.Add(new Outcome(_tasks.Key(task), status, _tasks[task].Bytes, value, error));
}
