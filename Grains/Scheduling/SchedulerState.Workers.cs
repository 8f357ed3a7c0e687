using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What the loss of a worker means, and what time does.</summary>
internal sealed partial class SchedulerState
{
    private long _noWorkerSince = -1;

    private void OnLost(string address, bool left)
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
            else if (!worker.Leaving && !left && ++_tasks[task].Blame >= BlameLimit)
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
