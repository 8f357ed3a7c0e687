using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What the coming and going of workers means, and what time does.</summary>
internal sealed partial class SchedulerState
{
    private long _noWorkerSince = -1;

    private void OnJoined(WorkerInfo info, Inventory? inventory)
    {
        if (!_workersByAddress.TryGetValue(info.Address, out var worker))
        {
            worker = new WorkerView(_workers.Count, info);
            _workers.Add(worker);
            _nearest ??= info.Process == _options.Process ? worker : null;
            _workersByAddress.Add(info.Address, worker);
            UpdateRoom(worker);
            _noWorkerSince = -1;
            RescueAll();
        }

        if (info.Leaving)
        {
            Leave(worker);
        }

        foreach (var key in inventory?.Running ?? [])
        {
            NoteRunning(worker, new TaskKey(inventory!.Layers[key.Layer], key.Index));
        }

        if (inventory is null || inventory.Values.Length == 0)
        {
            return;
        }

        _foundUntil = _now + _options.FoundFor.Ticks;
        for (var i = 0; i < inventory.Values.Length; i++)
        {
            var key = inventory.Values[i];
            var task = Find(inventory.Layers, key);
            Found(worker, task, new TaskKey(inventory.Layers[key.Layer], key.Index), inventory.Bytes[i]);
        }
    }

    /// <summary>A worker holds a value that this scheduler did not have made: from an earlier epoch.</summary>
    private void Found(WorkerView worker, int task, TaskKey key, long bytes)
    {
        if (task < 0)
        {
            if (!_found.TryGetValue(key, out var holders))
            {
                _found.Add(key, holders = []);
            }

            if (!holders.Contains((worker.Number, bytes)))
            {
                holders.Add((worker.Number, bytes));
            }

            _foundUntil = _now + _options.FoundFor.Ticks;
            HoldersChanged(key);
            return;
        }

        ref var record = ref _tasks[task];
        switch (record.State)
        {
            case TaskState.Memory:
                AddHolder(task, worker.Number);
                break;
            case TaskState.Waiting or TaskState.Ready:
                LeaveActive(task);
                Hold(task, worker.Number, bytes);
                if (record.IsWanted)
                {
                    TellClient(task, TaskStatusCode.Finished);
                }

                break;
            case TaskState.Processing:
                // Its own run brings the value as well; a run on this very worker finds it.
                if (record.Worker != worker.Number)
                {
                    Tell(CommandKind.Release, worker.Number, task);
                }

                break;
            default:
                Tell(CommandKind.Release, worker.Number, task);
                break;
        }
    }

    private void OnLost(string address)
    {
        if (!_workersByAddress.Remove(address, out var worker))
        {
            return;
        }

        worker.Alive = false;
        _leaving -= worker.Leaving ? 1 : 0;
        _nearest = _nearest == worker ? null : _nearest;
        UpdateRoom(worker);
        if (_workersByAddress.Count == 0)
        {
            _noWorkerSince = _now;
        }

        for (var task = 0; task < _tasks.Bound; task++)
        {
            if (_tasks.IsUsed(task) && _tasks[task].State == TaskState.Memory && IsHeldBy(task, worker.Number) && RemoveHolder(task, worker.Number) && !Planted.LostValuesAreNotMissed)
            {
                LoseValue(task);
            }
        }

        while (worker.First >= 0)
        {
            var task = worker.First;
            EndRun(worker, task);
            if (_tasks[task].State != TaskState.Processing)
            {
                _toForget.Push(task);
            }
            else if (!_tasks[task].IsNeeded)
            {
                LeaveActive(task);
                _toForget.Push(task);
            }
            else if (!worker.Leaving && ++_tasks[task].Blame >= BlameLimit)
            {
                Fail(task, OwnError(task, new KilledTaskException(
                    $"'{_tasks.Key(task)}' was on {BlameLimit} silos when they died, {address} the last of them, in attempt {_tasks[task].Attempt}. "
                    + "It may be what kills them: look at their logs, for memory first.")));
            }
            else if (!Planted.LostWorkerKeepsItsTasks)
            {
                Proceed(task);
            }
        }

        Redistribute(worker);
        foreach (var (key, holders) in _found)
        {
            holders.RemoveAll(holder => holder.Worker == worker.Number);
            HoldersChanged(key);
            if (holders.Count == 0)
            {
                _found.Remove(key);
            }
        }

        ForgetRunning(worker);
        RescueAll();
    }

    private void OnTime()
    {
        foreach (var (task, until) in _ensuredUntil)
        {
            if (until <= _now)
            {
                _ensuredUntil.Remove(task);
                _tasks[task].Flags &= ~TaskFlags.Ensured;
                _toDrop.Push(task);
            }
        }

        if (_found.Count > 0 && _foundUntil <= _now)
        {
            foreach (var (key, holders) in _found)
            {
                foreach (var (worker, _) in holders)
                {
                    _commands.Add(new SchedulerCommand(CommandKind.Release, worker, TaskRecord.None, key));
                }

                HoldersChanged(key);
            }

            _found.Clear();
        }

        if (_foundUntil <= _now)
        {
            _running.Clear();
        }

        FailWithoutWorkers();
    }

    private void FailWithoutWorkers()
    {
        if (_workersByAddress.Count > 0)
        {
            return;
        }

        if (_noWorkerSince < 0)
        {
            _noWorkerSince = _now;
        }

        if (_now - _noWorkerSince < _options.NoWorkerTimeout.Ticks)
        {
            return;
        }

        for (var task = 0; task < _tasks.Bound; task++)
        {
            if (_tasks.IsUsed(task) && _tasks[task].State == TaskState.Ready)
            {
                Fail(task, OwnError(task, new NoWorkerException(
                    $"'{_tasks.Key(task)}' found no silo to run on for {_options.NoWorkerTimeout.TotalSeconds:0} s. Start a silo, or look why those there were are gone.")));
            }
        }
    }
}
