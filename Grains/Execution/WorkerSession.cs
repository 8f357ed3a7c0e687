using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Execution;

/// <summary>
/// One session on one worker: the commands of its scheduler become works of the executor, their ends become reports.
/// Every run commanded is answered once, in the order of ends.
/// </summary>
internal sealed partial class WorkerSession
{
    private const int BytesPerListed = 24;

    private readonly Lock _gate = new();
    private readonly WorkerCore _core;
    private readonly Dictionary<int, WorkerFunction> _functions = [];
    private readonly Dictionary<TaskKey, WorkerTask> _tasks = [];
    private long _epoch;
    private long _nextCommand = 1;
    private volatile int _taskCount;
    private string _sharedProcess = "";

    /// <summary>An inventory that is being told in parts.</summary>
    private KeyValuePair<TaskKey, StoredValue>[]? _listed;
    private bool _closed;

    public WorkerSession(WorkerCore core, SessionId id)
    {
        _core = core;
        Id = id;
        _lastHeard = core.Time.GetTimestamp();
        UserContext = new ExecutorContext(core.Executor);
        Decoding = core.Codes.Of(id).Decoding;
    }

    public SessionId Id { get; }

    public long Epoch
    {
        get
        {
            lock (_gate)
            {
                return _epoch;
            }
        }
    }

    /// <summary>Tasks it was told to run and has not answered. Read without the gate: whoever asks may hold a lock that is also taken under the gate.</summary>
    public int TaskCount => _taskCount;

    public PayloadDecoding Decoding { get; }

    public SynchronizationContext UserContext { get; }

    public TimeProvider Time => _core.Time;

    public IExecutor Executor => _core.Executor;

    public FrozenValues? Frozen => _core.Frozen;

    private ChunkStore Store => _core.Store;

    public CommandAnswer Command(CommandBatch batch)
    {
        var ready = new List<ExecutorWork>();
        CommandAnswer answer;
        lock (_gate)
        {
            if (_closed || (batch.Epoch < _epoch && !(Planted.OlderEpochsAreObeyed && batch.Sequence == _nextCommand)))
            {
                return new CommandAnswer(_epoch, _nextCommand);
            }

            if (batch.Epoch > _epoch)
            {
                BeginEpoch(batch.Epoch);
            }

            if (batch.Sequence != _nextCommand)
            {
                return new CommandAnswer(_epoch, _nextCommand);
            }

            _nextCommand++;
            _lastHeard = Time.GetTimestamp();
            _sharedProcess = batch.SharedProcess;
            foreach (var function in batch.Functions)
            {
                _functions.TryAdd(function.Number, new WorkerFunction(function.Function));
            }

            foreach (var key in batch.Release)
            {
                Release(KeyTable.Read(batch.Layers, key));
            }

            foreach (var key in batch.Revoke)
            {
                Revoke(KeyTable.Read(batch.Layers, key));
            }

            foreach (var key in batch.Cancel)
            {
                Cancel(KeyTable.Read(batch.Layers, key));
            }

            foreach (var copy in batch.Copy ?? [])
            {
                Copy(KeyTable.Read(batch.Layers, copy.Key), batch.Workers[copy.Holder]);
            }

            foreach (var run in batch.Run)
            {
                Begin(run, batch, ready);
            }

            answer = new CommandAnswer(_epoch, _nextCommand);
        }

        Executor.Post(ready);
        SendFetches();
        FlushFromTurn();
        return answer;
    }

    /// <summary>
    /// What the store holds, as it was when the first part was asked for. Asking for that begins the epoch, or begins it again for a
    /// scheduler that had lost this worker: what runs has its inputs here and goes on; what has not begun is forgotten, the scheduler tells again.
    /// </summary>
    public Inventory Inventory(long epoch, int from, WorkerInfo worker)
    {
        lock (_gate)
        {
            if (_closed || epoch < _epoch)
            {
                // One of the past does nothing with it.
                return new Inventory(worker, [], [], [], false);
            }

            if (from <= 0 || epoch > _epoch || _listed is null)
            {
                BeginEpoch(epoch);
                from = 0;
                _listed = Store.List(Id);

                // The scheduler learns of all copies with this answer.
                _copies.Clear();
            }

            _lastHeard = Time.GetTimestamp();
            var table = new KeyTable();
            var (values, sizes) = (new List<WireKey>(), new List<long>());
            while (from + values.Count < _listed.Length && (values.Count * BytesPerListed) + table.NameBytes < MessageLimits.GatheredBytes)
            {
                var (key, value) = _listed[from + values.Count];
                values.Add(table.Write(key));
                sizes.Add(value.Size);
            }

            var more = from + values.Count < _listed.Length;
            _listed = more ? _listed : null;
            WireKey[]? running = from > 0 || Planted.RunsAreNotTold ? null : [.. _tasks.Keys.Select(table.Write)];
            return new Inventory(worker, table.Names(), [.. values], [.. sizes], more, running);
        }
    }

    public bool Close(long epoch)
    {
        lock (_gate)
        {
            if (_closed || epoch < _epoch)
            {
                return false;
            }

            _closed = true;
            foreach (var task in _tasks.Values)
            {
                Stop(task);
            }

            _tasks.Clear();
            _taskCount = 0;
            _fetches.Clear();
            _copies.Clear();
            _finished.Clear();
            _revoked.Clear();
            _missing.Clear();
            _written.Clear();
        }

        Store.RemoveAll(Id);
        return true;
    }

    public bool TryBegin(WorkerTask task)
    {
        lock (_gate)
        {
            if (task.State != WorkerTaskState.Queued)
            {
                return false;
            }

            task.State = WorkerTaskState.Running;
            return true;
        }
    }

    public object? Input(TaskKey key) =>
        Store.TryGet(Id, key, out var value) ? value.Object(Decoding)
        : throw new InputGoneException(key);

    public TaskFunction Function(int number)
    {
        WorkerFunction? function;
        lock (_gate)
        {
            _functions.TryGetValue(number, out function);
        }

        return function?.Decode(Decoding) ?? throw new InvalidOperationException($"Function {number} was never sent to this worker.");
    }

    private void BeginEpoch(long epoch)
    {
        if (epoch > _epoch)
        {
            ResetReports();
            LeaveAnew();
        }

        // Within an epoch reports go on counting: one may be under way.
        _epoch = epoch;
        _nextCommand = 1;
        _listed = null;
        foreach (var task in _tasks.Values.Where(task => task.State is WorkerTaskState.Fetching or WorkerTaskState.Queued).ToArray())
        {
            task.State = WorkerTaskState.Ended;
            _tasks.Remove(task.Key);
        }

        _taskCount = _tasks.Count;
        _fetches.Clear();
    }

    private void Begin(TaskRun run, CommandBatch batch, List<ExecutorWork> ready)
    {
        var key = KeyTable.Read(batch.Layers, run.Key);
        if (Store.TryGet(Id, key, out var present))
        {
            Answer(new Ended(key, run.Attempt, TaskStatusCode.Finished, present.Size, 0, null, null));
            return;
        }

        if (_tasks.TryGetValue(key, out var running))
        {
            // Begun for an earlier epoch; its end answers this one.
            running.Attempt = Planted.RunsKeepTheirFirstAttempt ? running.Attempt : run.Attempt;
            running.ReturnValue = run.ReturnValue;
            return;
        }

        var dependencies = run.Dependencies.Length == 0 ? [] : new TaskKey[run.Dependencies.Length];
        var task = new WorkerTask(this, key, run.Function, dependencies, run.Arguments)
        {
            Attempt = run.Attempt,
            Priority = run.Priority,
            ReturnValue = run.ReturnValue,
            Pending = 1,
        };
        _tasks.Add(key, task);
        _taskCount = _tasks.Count;
        for (var i = 0; i < dependencies.Length; i++)
        {
            dependencies[i] = KeyTable.Read(batch.Layers, run.Dependencies[i]);
            Need(task, dependencies[i], batch.Workers[run.Holders[i]]);
        }

        if (run.Function > 0 && _functions.TryGetValue(run.Function, out var function) && !function.IsPrepared)
        {
            Prepare(task, function.Payload, () => function.IsPrepared = true);
        }

        if (run.Arguments is { } arguments)
        {
            Prepare(task, arguments, null);
        }

        if (Arrived(task))
        {
            ready.Add(task);
        }
    }

    /// <summary>One thing less to wait for; true where it was the last.</summary>
    private static bool Arrived(WorkerTask task)
    {
        if (--task.Pending > 0 || task.State != WorkerTaskState.Fetching)
        {
            return false;
        }

        task.State = WorkerTaskState.Queued;
        return true;
    }

    private void Release(TaskKey key)
    {
        _copies.Remove(key);
        Store.Remove(Id, key);
    }

    private void Revoke(TaskKey key)
    {
        if (_tasks.TryGetValue(key, out var task) && task.State is WorkerTaskState.Fetching or WorkerTaskState.Queued)
        {
            EndTask(task, finished: false);
            _revoked.Add(key);
        }
    }

    private void Cancel(TaskKey key)
    {
        if (!_tasks.TryGetValue(key, out var task))
        {
            return;
        }

        if (task.State == WorkerTaskState.Running)
        {
            Stop(task);
            return;
        }

        EndTask(task, finished: false);
        Answer(new Ended(key, task.Attempt, TaskStatusCode.Cancelled, 0, 0, null, null));
    }

    /// <summary>Sets the token away from this turn: what user code hangs on it is user code too.</summary>
    private void Stop(WorkerTask task)
    {
        if (task.State == WorkerTaskState.Running)
        {
            var cancellation = task.Cancellation;
            Executor.PostAside(new ActionWork(cancellation.Cancel));
        }
        else
        {
            task.State = WorkerTaskState.Ended;
        }
    }
}

/// <summary>An input that was here is not any more.</summary>
internal sealed class InputGoneException(TaskKey key) : Exception($"The input '{key}' has been released.")
{
    public TaskKey Key => key;
}
