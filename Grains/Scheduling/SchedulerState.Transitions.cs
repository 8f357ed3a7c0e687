using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>Changes of state, each with what it counts up or down in its neighbours.</summary>
internal sealed partial class SchedulerState
{
    /// <summary>A needed task begins to be made: what it takes is needed now too.</summary>
    private void Activate(int task)
    {
        ref var record = ref _tasks[task];
        if (record.State != TaskState.Released || !record.IsNeeded)
        {
            return;
        }

        if (record.Function == TaskRecord.Scattered)
        {
            Fail(task, OwnError(task, new ValueLostException(
                $"'{_tasks.Key(task)}' was scattered, and the silos that held it are gone. Scatter it again, with replicate: 2 where a lost silo must not matter.")));
            return;
        }

        record.State = TaskState.Waiting;
        if (record.Function == TaskRecord.Kept)
        {
            record.Missing = 1;
            TellClient(task, TaskStatusCode.Lost);
            return;
        }

        record.Missing = 0;
        for (var i = record.FirstEdge; i < record.FirstEdge + record.EdgeCount; i++)
        {
            var dependency = _edges[i].Dependency;
            ref var input = ref _tasks[dependency];
            input.Users++;
            if (input.State != TaskState.Memory)
            {
                record.Missing++;
            }

            if (input.State == TaskState.Released)
            {
                _toActivate.Push(dependency);
            }
        }

        Proceed(task);
    }

    /// <summary>An active task that no worker has: waits, is ready, or shares the fate of an input.</summary>
    private void Proceed(int task)
    {
        ref var record = ref _tasks[task];
        if (record.Missing > 0)
        {
            for (var i = record.FirstEdge; i < record.FirstEdge + record.EdgeCount; i++)
            {
                var input = _edges[i].Dependency;
                if (_tasks[input].State == TaskState.Failed)
                {
                    Fail(task, _errors[input]);
                    return;
                }

                if (_tasks[input].State == TaskState.Cancelled)
                {
                    Cancel(task);
                    return;
                }
            }

            record.State = TaskState.Waiting;
        }
        else if (record.Worker >= 0)
        {
            // A run of it that was cancelled has not been answered yet; it may still bring the value.
            record.State = TaskState.Processing;
        }
        else
        {
            Enqueue(task);
        }
    }

    /// <summary>The value is there: on a worker that made it, was found with it, or was given it.</summary>
    private void Hold(int task, int worker, long bytes)
    {
        ref var record = ref _tasks[task];
        record.State = TaskState.Memory;
        record.Holder = worker;
        record.Bytes = bytes;
        HoldersChanged(task);
        for (var edge = record.FirstDependant; edge >= 0; edge = _edges[edge].Next)
        {
            var dependant = _edges[edge].Task;
            ref var taker = ref _tasks[dependant];
            if (taker.IsActive && --taker.Missing == 0 && taker.State == TaskState.Waiting)
            {
                Proceed(dependant);
            }
        }
    }

    /// <summary>The value of a task in memory is there no longer: whoever waits for it must wait again.</summary>
    private void ValueLeft(int task)
    {
        ref var record = ref _tasks[task];
        record.Holder = TaskRecord.None;
        record.State = TaskState.Released;
        HoldersChanged(task);
        for (var edge = record.FirstDependant; edge >= 0; edge = _edges[edge].Next)
        {
            ref var taker = ref _tasks[_edges[edge].Task];
            if (taker.IsActive)
            {
                taker.Missing++;
                if (taker.State == TaskState.Ready)
                {
                    LeaveQueue(ref taker);
                    taker.State = TaskState.Waiting;
                }
            }
        }
    }

    /// <summary>Its last holder is gone. Needed, it is made again.</summary>
    private void LoseValue(int task)
    {
        ValueLeft(task);
        if (_tasks[task].IsWanted && _tasks[task].Function != TaskRecord.Kept)
        {
            TellClient(task, TaskStatusCode.Lost);
        }

        _toActivate.Push(task);
        _toForget.Push(task);
    }

    /// <summary>Fails a task and all that wait for it, each with the error of the one that threw.</summary>
    private void Fail(int first, TaskError error)
    {
        var pending = new Stack<int>([first]);
        while (pending.TryPop(out var task))
        {
            ref var record = ref _tasks[task];
            if (record.State is TaskState.Failed or TaskState.Cancelled || (task != first && record.State is not (TaskState.Waiting or TaskState.Ready)))
            {
                continue;
            }

            LeaveActive(task);
            record.State = TaskState.Failed;
            record.Flags &= ~TaskFlags.Ensured;
            _ensuredUntil.Remove(task);
            _errors[task] = error;
            if (record.IsWanted)
            {
                TellClient(task, TaskStatusCode.Failed, error: error);
            }

            for (var edge = record.FirstDependant; edge >= 0; edge = _edges[edge].Next)
            {
                pending.Push(_edges[edge].Task);
            }

            _toForget.Push(task);
        }
    }

    /// <summary>A failed or cancelled task gets another chance: its recipe was submitted again.</summary>
    private void Revive(int task)
    {
        _errors.Remove(task);
        if (_tasks[task].State == TaskState.Cancelled)
        {
            // Who wanted it has given it up; whoever brings the recipe says what is wanted now.
            _tasks[task].Flags &= ~TaskFlags.Wanted;
        }

        _tasks[task].State = TaskState.Released;
        _tasks[task].Blame = 0;
    }

    /// <summary>Not active any longer: its inputs lose a user. The caller says what it is now.</summary>
    private void LeaveActive(int task)
    {
        ref var record = ref _tasks[task];
        if (!record.IsActive)
        {
            return;
        }

        if (record.State == TaskState.Ready)
        {
            LeaveQueue(ref record);
        }

        record.State = TaskState.Released;
        for (var i = record.FirstEdge; i < record.FirstEdge + record.EdgeCount; i++)
        {
            var dependency = _edges[i].Dependency;
            if (--_tasks[dependency].Users == 0 || (Planted.InputGoesWithItsFirstUser && !_tasks[dependency].IsWanted))
            {
                _toDrop.Push(dependency);
            }
        }
    }

    private void DropIfUnneeded(int task)
    {
        if (!_tasks.IsUsed(task) || (_tasks[task].IsNeeded && !Planted.InputGoesWithItsFirstUser))
        {
            return;
        }

        switch (_tasks[task].State)
        {
            case TaskState.Memory:
                ReleaseHolders(task);
                ValueLeft(task);
                break;
            case TaskState.Waiting or TaskState.Ready:
                LeaveActive(task);
                break;
            case TaskState.Processing:
                StopRun(task);
                return;
        }

        _toForget.Push(task);
    }

    /// <summary>Forgets a recipe that nothing needed is made from; then perhaps those it was made from.</summary>
    private void ForgetIfUnused(int task)
    {
        if (!_tasks.IsUsed(task))
        {
            return;
        }

        ref var record = ref _tasks[task];
        if (record.IsNeeded || record.IsWanted || record.FirstDependant >= 0 || record.Worker >= 0
            || record.State is not (TaskState.Released or TaskState.Failed or TaskState.Cancelled))
        {
            return;
        }

        RemoveEdges(task);
        _errors.Remove(task);
        _tasks.Remove(task);
        if (_tasks.Count == 0)
        {
            _edges.Clear();
        }
    }

    private TaskError OwnError(int task, Exception exception) =>
        new(_tasks.Key(task), "", _tasks[task].Attempt, _encode(exception));

    // ---- holders

    internal IEnumerable<int> Holders(int task)
    {
        yield return _tasks[task].Holder;
        if (_replicas.TryGetValue(task, out var more))
        {
            foreach (var worker in more)
            {
                yield return worker;
            }
        }
    }

    /// <summary>Whom <paramref name="reader"/> asks for a value: itself, else the first holder; -1 where it was lost a moment ago.</summary>
    internal int HolderFor(int task, int reader) => IsHeldBy(task, reader) ? reader : _tasks[task].Holder;

    private bool IsHeldBy(int task, int worker) =>
        _tasks[task].Holder == worker || (_replicas.Count > 0 && _replicas.TryGetValue(task, out var more) && more.Contains(worker));

    private void AddHolder(int task, int worker)
    {
        if (!IsHeldBy(task, worker))
        {
            if (!_replicas.TryGetValue(task, out var more))
            {
                _replicas.Add(task, more = []);
            }

            ref var first = ref _tasks[task].Holder;
            if (_workers[first].Leaving && _workers[worker].Stays)
            {
                // Whoever asks for the value asks the first.
                (first, worker) = (worker, first);
            }

            more.Add(worker);
            HoldersChanged(task);
        }
    }

    /// <summary>True where nobody holds it any more.</summary>
    private bool RemoveHolder(int task, int worker)
    {
        ref var record = ref _tasks[task];
        if (!_replicas.TryGetValue(task, out var more))
        {
            return record.Holder == worker;
        }

        if (record.Holder == worker)
        {
            record.Holder = more[^1];
            more.RemoveAt(more.Count - 1);
        }
        else
        {
            more.Remove(worker);
        }

        if (more.Count == 0)
        {
            _replicas.Remove(task);
        }

        HoldersChanged(task);
        return false;
    }

    private void ReleaseHolders(int task)
    {
        Tell(CommandKind.Release, _tasks[task].Holder, task);
        if (_replicas.Count > 0 && _replicas.Remove(task, out var more))
        {
            foreach (var worker in more)
            {
                Tell(CommandKind.Release, worker, task);
            }
        }
    }
}
