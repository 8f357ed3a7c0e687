using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What a client asks for.</summary>
internal sealed partial class SchedulerState
{
    private readonly Dictionary<TaskKey, List<(int Worker, long Bytes)>> _found = [];
    private readonly List<int> _claimed = [];
    private readonly List<int> _defined = [];
    private readonly Dictionary<int, long> _ensuredUntil = [];

    /// <summary>Functions that fit into no message, with their bytes.</summary>
    private readonly Dictionary<int, long> _largeFunctions = [];
    private long _foundUntil;
    private long _submitted;
    private long _priority;
    private bool _holdForget;

    private void OnSubmitted(SubmitBatch batch)
    {
        if (batch.Sequence <= _submitted && !Planted.BatchesCountNoMore)
        {
            return;
        }

        _submitted = batch.Sequence;
        foreach (var function in batch.Functions)
        {
            if (MessageLimits.SizeOf(function.Function) > MessageLimits.ItemBytes)
            {
                _largeFunctions[function.Number] = MessageLimits.SizeOf(function.Function);
            }
        }

        foreach (var scattered in batch.Scattered)
        {
            OnScattered(batch.Layers, scattered);
        }

        foreach (var spec in batch.Tasks)
        {
            Define(batch.Layers, spec);
        }

        foreach (var key in batch.Wanted)
        {
            Want(batch.Layers[key.Layer], key.Index);
        }

        foreach (var key in batch.Unwanted)
        {
            if (Find(batch.Layers, key) is var task and >= 0)
            {
                _tasks[task].Flags &= ~TaskFlags.Wanted;
                _toDrop.Push(task);
            }
        }

        foreach (var key in batch.Cancelled)
        {
            if (Find(batch.Layers, key) is var task and >= 0)
            {
                Cancel(task);
            }
        }

        _holdForget = batch.More;
        if (!batch.More)
        {
            // Only now is it known whether a value found on a worker is of use.
            foreach (var task in _claimed)
            {
                _toDrop.Push(task);
            }

            _claimed.Clear();

            // And only now, whether a task is part of what is wanted.
            foreach (var task in _defined)
            {
                _toForget.Push(task);
            }

            _defined.Clear();
        }
    }

    private int Find(string[] layers, WireKey key) => _tasks.Find(_tasks.FindLayer(layers[key.Layer]), key.Index);

    private void OnScattered(string[] layers, ScatteredValue scattered)
    {
        var task = Find(layers, scattered.Key);
        if (task < 0)
        {
            task = _tasks.Add(layers[scattered.Key.Layer], scattered.Key.Index);
            if (Claim(task))
            {
                _defined.Add(task);
            }
        }

        if (scattered.IsKept && _tasks[task].Function == TaskRecord.Scattered)
        {
            _tasks[task].Function = TaskRecord.Kept;
        }

        if (!_workersByAddress.TryGetValue(scattered.Worker, out var worker))
        {
            if (scattered.IsKept)
            {
                // Released, it is asked for when it is needed; already waited for, it went where nobody is any more.
                if (_tasks[task].State == TaskState.Waiting)
                {
                    TellClient(task, TaskStatusCode.Lost);
                }
                else
                {
                    _defined.Add(task);
                }
            }
            else if (_tasks[task].State == TaskState.Released)
            {
                Fail(task, OwnError(task, new ValueLostException($"'{_tasks.Key(task)}' was scattered to {scattered.Worker}, which is gone. Scatter it again.")));
            }

            return;
        }

        if (_tasks[task].State is TaskState.Failed or TaskState.Cancelled)
        {
            Revive(task);
        }

        if (_tasks[task].State == TaskState.Memory)
        {
            AddHolder(task, worker.Number);
        }
        else if (_tasks[task].State == TaskState.Released)
        {
            Hold(task, worker.Number, scattered.Bytes);
            _claimed.Add(task);
            _defined.Add(task);
        }
        else if (_tasks[task].State == TaskState.Waiting && _tasks[task].Function == TaskRecord.Kept)
        {
            Hold(task, worker.Number, scattered.Bytes);
            if (_tasks[task].IsWanted)
            {
                TellClient(task, TaskStatusCode.Finished);
            }
        }
    }

    private void Define(string[] layers, TaskSpec spec)
    {
        var task = Find(layers, spec.Key);
        if (task < 0)
        {
            task = _tasks.Add(layers[spec.Key.Layer], spec.Key.Index);
        }
        else if (_tasks[task].State == TaskState.Cancelled || (_tasks[task].State == TaskState.Failed && !_tasks[task].IsWanted))
        {
            Revive(task);
            if (!HasEdges(task, layers, spec.Dependencies))
            {
                RemoveEdges(task);
            }
        }
        else
        {
            // The same key means the same value: what is known of it stays.
            return;
        }

        ref var record = ref _tasks[task];
        record.Function = spec.Function;
        record.Arguments = spec.Arguments;
        record.Priority = ++_priority;
        _defined.Add(task);
        if (record.EdgeCount == 0)
        {
            AddEdges(task, layers, spec.Dependencies);
        }

        if (Unfit(task, spec) is { } reason)
        {
            RemoveEdges(task);
            Fail(task, OwnError(task, new GraphException(reason)));
            return;
        }

        Claim(task);
    }

    /// <summary>Workers that were found to hold the value hold it for this task now; what nobody claims is let go after a while.</summary>
    /// <returns>Whether there are such.</returns>
    private bool Claim(int task)
    {
        if (_found.Count == 0 || !_found.Remove(_tasks.Key(task), out var holders))
        {
            return false;
        }

        foreach (var (worker, bytes) in holders)
        {
            if (!_workers[worker].Alive)
            {
                continue;
            }

            if (_tasks[task].State == TaskState.Memory)
            {
                AddHolder(task, worker);
            }
            else
            {
                Hold(task, worker, bytes);
                _claimed.Add(task);
            }
        }

        return _tasks[task].State == TaskState.Memory;
    }

    private void Want(string layer, int index)
    {
        var task = _tasks.Find(_tasks.FindLayer(layer), index);
        if (task < 0)
        {
            task = _tasks.Add(layer, index);
            Fail(task, OwnError(task, new GraphException($"Nothing makes '{_tasks.Key(task)}'. Submit its task with it, or before.")));
        }

        ref var record = ref _tasks[task];
        record.Flags |= TaskFlags.Wanted;
        switch (record.State)
        {
            case TaskState.Released: _toActivate.Push(task); break;
            case TaskState.Memory: TellClient(task, TaskStatusCode.Finished); break;
            case TaskState.Failed: TellClient(task, TaskStatusCode.Failed, error: _errors[task]); break;
            case TaskState.Cancelled: TellClient(task, TaskStatusCode.Cancelled); break;
        }
    }

    private void OnEnsured(TaskKey key)
    {
        var task = _tasks.Find(key);
        if (task < 0)
        {
            return;
        }

        ref var record = ref _tasks[task];
        if (record.State is TaskState.Failed or TaskState.Cancelled)
        {
            return;
        }

        record.Flags |= TaskFlags.Ensured;
        _ensuredUntil[task] = _now + _options.EnsuredFor.Ticks;
        if (record.State == TaskState.Released)
        {
            _toActivate.Push(task);
        }
    }

    /// <summary>Gives up a task and all that would be made from it.</summary>
    private void Cancel(int first)
    {
        var pending = new Stack<int>([first]);
        while (pending.TryPop(out var task))
        {
            ref var record = ref _tasks[task];
            if (record.State is TaskState.Failed or TaskState.Cancelled || (record.State is TaskState.Memory or TaskState.Released && task != first))
            {
                continue;
            }

            if (record.IsWanted)
            {
                TellClient(task, TaskStatusCode.Cancelled);
            }

            if (record.State == TaskState.Memory)
            {
                ReleaseHolders(task);
                ValueLeft(task);
            }
            else
            {
                LeaveActive(task);
                StopRun(task);
            }

            record.State = TaskState.Cancelled;
            record.Flags &= ~TaskFlags.Ensured;
            _ensuredUntil.Remove(task);
            for (var edge = record.FirstDependant; edge >= 0; edge = _edges[edge].Next)
            {
                pending.Push(_edges[edge].Task);
            }

            _toForget.Push(task);
        }
    }
}
