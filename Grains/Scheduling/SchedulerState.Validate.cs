using System.Globalization;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>Checks the invariants; tests call it after every event.</summary>
internal sealed partial class SchedulerState
{
    /// <exception cref="InvalidOperationException">An invariant does not hold; the message names the task and the invariant.</exception>
    public void Validate()
    {
        var (used, ready) = (0, 0);
        var processing = new int[_workers.Count];
        var queued = new int[_workers.Count];
        for (var task = 0; task < _tasks.Bound; task++)
        {
            if (!_tasks.IsUsed(task))
            {
                continue;
            }

            used++;
            ref var record = ref _tasks[task];
            Require(_tasks.Find(_tasks.Key(task)) == task, task, "is found by its key");
            ValidateCounts(task);
            ValidateState(task);
            if (record.Worker >= 0)
            {
                processing[record.Worker]++;
                Require(_workers[record.Worker].Alive, task, "is with a living worker");
            }

            if (record.State == TaskState.Ready)
            {
                _ = record.Queue == TaskRecord.None ? ready++ : queued[record.Queue]++;
            }
        }

        Require(used == _tasks.Count, TaskRecord.None, "the table counts its tasks");
        Require(ready == _commonCount, TaskRecord.None, "the common queue counts its tasks");
        foreach (var worker in _workers)
        {
            ValidateWorker(worker, processing[worker.Number], queued[worker.Number]);
        }

        ValidateMoves();
        Require(_toActivate.Count == 0 && _toDrop.Count == 0, TaskRecord.None, "nothing due is left undone");
        Require(_commonCount == 0 || _room.Count == 0 || _workersByAddress.Count == 0 || _room.TrueForAll(worker => !worker.HasRoomFor(_tasks[Peek(_common, TaskRecord.None).Task], _times)),
            TaskRecord.None, "no task waits while a worker has room for it");
    }

    private void ValidateCounts(int task)
    {
        ref var record = ref _tasks[task];
        var missing = record.IsActive && record.Function == TaskRecord.Kept ? 1 : 0;
        for (var i = record.FirstEdge; i < record.FirstEdge + record.EdgeCount; i++)
        {
            Require(_edges[i].Task == task, task, "owns its edges");
            missing += _tasks[_edges[i].Dependency].State == TaskState.Memory ? 0 : 1;
        }

        var users = 0;
        for (var edge = record.FirstDependant; edge >= 0; edge = _edges[edge].Next)
        {
            Require(_edges[edge].Dependency == task, task, "is what its dependants' edges lead to");
            users += _tasks[_edges[edge].Task].IsActive ? 1 : 0;
        }

        Require(!record.IsActive || record.Missing == missing, task, $"misses {missing} inputs and counts {record.Missing}");
        Require(record.Users == users, task, $"has {users} users and counts {record.Users}");
    }

    private void ValidateState(int task)
    {
        ref var record = ref _tasks[task];
        switch (record.State)
        {
            case TaskState.Released:
                Require(!record.IsNeeded, task, "is not released while it is needed");
                break;
            case TaskState.Waiting:
                Require(record.Missing > 0, task, "waits for something");
                Require(record.IsNeeded, task, "waits only if it is needed");
                break;
            case TaskState.Ready:
                Require(record.Missing == 0 && record.Worker == TaskRecord.None, task, "is ready with all inputs and no worker");
                Require(record.IsNeeded, task, "is ready only if it is needed");
                break;
            case TaskState.Processing:
                Require(record.Worker >= 0, task, "is processed by somebody");
                Require(record.IsNeeded || (record.Flags & TaskFlags.Cancelling) != 0, task, "is processed without need only until its worker hears of it");
                break;
            case TaskState.Memory:
                Require(record.IsNeeded || _holdForget, task, "is kept only if it is needed");
                Require(Holders(task).All(worker => _workers[worker].Alive), task, "is held by living workers");
                Require(Holders(task).Distinct().Count() == Holders(task).Count(), task, "counts each holder once");
                break;
            case TaskState.Failed:
                Require(_errors.ContainsKey(task), task, "has failed with an error");
                break;
        }

        Require(record.State == TaskState.Memory || !_replicas.ContainsKey(task), task, "has replicas only in memory");
        for (var i = record.FirstEdge; i < record.FirstEdge + record.EdgeCount && record.State is TaskState.Waiting; i++)
        {
            var input = _tasks[_edges[i].Dependency].State;
            Require(input is not (TaskState.Released or TaskState.Failed or TaskState.Cancelled), task, $"does not wait for an input that is {input}");
        }
    }

    private void ValidateWorker(WorkerView worker, int processing, int queued)
    {
        var (listed, ticks) = (0, 0L);
        for (var task = worker.First; task >= 0; task = _tasks[task].Next)
        {
            listed++;
            ticks += _tasks[task].Cost;
            Require(_tasks[task].Worker == worker.Number, task, "is listed by the worker it is with");
        }

        Require(listed == worker.Processing && listed == processing, TaskRecord.None, $"worker {worker.Info.Address} lists {listed} tasks, counts {worker.Processing}, has {processing}");
        Require(ticks == worker.WorkTicks, TaskRecord.None, $"worker {worker.Info.Address} was charged {worker.WorkTicks} ticks for {ticks}");
        Require(queued == worker.Queued, TaskRecord.None, $"worker {worker.Info.Address} counts {worker.Queued} queued tasks, has {queued}");
        Require(worker.HasRoom == (worker.RoomPlace >= 0), TaskRecord.None, $"worker {worker.Info.Address} stands among those with room exactly if it has room");
        Require(worker.Queued > 0 || worker.QueuedTicks == 0, TaskRecord.None, $"worker {worker.Info.Address} is charged for nothing queued");
    }

    private void ValidateMoves()
    {
        Require(_leaving == _workersByAddress.Values.Count(worker => worker.Leaving), TaskRecord.None, "those that leave are counted");
        Require(_toRescue.Count == 0, TaskRecord.None, "no value noted is left unlooked at");
        foreach (var (key, move) in _moves)
        {
            Require(IsStranded(key, out var holder, out _) && holder == move.From, TaskRecord.None, $"'{key}' moves from the last of its holders to leave, because it must");
            Require(move.To is null or { Stays: true }, TaskRecord.None, $"'{key}' moves to one that stays");
        }

        for (var task = 0; task < _tasks.Bound && _leaving > 0; task++)
        {
            Require(!_tasks.IsUsed(task) || !IsStranded(_tasks.Key(task), out _, out _) || _moves.ContainsKey(_tasks.Key(task)), task, "moves while only leaving workers hold it");
        }

        foreach (var worker in _workers)
        {
            var of = _moves.Values.Where(move => move.From == worker).ToLookup(move => move.To is null, move => move.Bytes);
            Require(worker.Moving == (of[false].Count(), of[false].Sum()) && worker.Stuck == (of[true].Count(), of[true].Sum()), TaskRecord.None, $"worker {worker.Info.Address} counts what ties it");
        }
    }

    private void Require(bool holds, int task, string invariant)
    {
        if (!holds)
        {
            throw new InvalidOperationException(task < 0 ? $"Broken: {invariant}."
                : string.Create(CultureInfo.InvariantCulture, $"Broken: '{_tasks.Key(task)}' ({_tasks[task].State}, flags {_tasks[task].Flags}) {invariant}."));
        }
    }
}
