using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What workers say, and what their coming and going means.</summary>
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

    private void OnReport(WorkerReport report)
    {
        if (!_workersByAddress.TryGetValue(report.Worker, out var worker) || report.Sequence <= worker.Reported)
        {
            return;
        }

        worker.Reported = report.Sequence;
        worker.BytesPerSecond = report.BytesPerSecond <= 0 ? 0 : Math.Max(report.BytesPerSecond, PlacementPolicy.LeastBytesPerSecond);
        Span<int> layers = report.Layers.Length <= 256 ? stackalloc int[report.Layers.Length] : new int[report.Layers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = _tasks.FindLayer(report.Layers[i]);
        }

        foreach (var finished in report.Finished)
        {
            OnEnded(worker, _tasks.Find(layers[finished.Key.Layer], finished.Key.Index), finished, report.Layers);
        }

        foreach (var key in report.Revoked)
        {
            GiveBack(worker, _tasks.Find(layers[key.Layer], key.Index));
        }

        if (report.Leaving is { } leaving)
        {
            OnLeaving(worker, leaving, report.Layers);
        }

        foreach (var missing in report.Missing)
        {
            if (missing.Task == missing.Input)
            {
                OnNotCopied(worker, new TaskKey(report.Layers[missing.Task.Layer], missing.Task.Index));
                continue;
            }

            OnMissing(worker, _tasks.Find(layers[missing.Task.Layer], missing.Task.Index), _tasks.Find(layers[missing.Input.Layer], missing.Input.Index), missing.Holder, missing.Unreachable);
        }
    }

    private void OnEnded(WorkerView worker, int task, TaskFinished report, string[] layers)
    {
        if (task < 0 || _tasks[task].Worker != worker.Number || _tasks[task].Attempt != report.Attempt)
        {
            if (report.Status == TaskStatusCode.Finished)
            {
                Found(worker, task, new TaskKey(layers[report.Key.Layer], report.Key.Index), report.Bytes);
            }

            return;
        }

        ref var record = ref _tasks[task];
        EndRun(worker, task);
        if (report.Status == TaskStatusCode.Finished)
        {
            NoteCopies(worker, task);
        }

        if (record.State != TaskState.Processing)
        {
            if (report.Status == TaskStatusCode.Finished)
            {
                if (record.State == TaskState.Waiting)
                {
                    LeaveActive(task);
                    Arrived(worker, task, report);
                    return;
                }

                if (record.State == TaskState.Memory)
                {
                    AddHolder(task, worker.Number);
                    return;
                }

                Tell(CommandKind.Release, worker.Number, task);
            }

            _toForget.Push(task);
            return;
        }

        switch (report.Status)
        {
            case TaskStatusCode.Finished:
                _times.Ran(record.Function, report.RunTime);
                LeaveActive(task);
                Arrived(worker, task, report);
                break;
            case TaskStatusCode.Failed when record.IsNeeded:
                Fail(task, MessageLimits.SizeOf(report.Exception) <= MessageLimits.ItemBytes
                    ? new TaskError(_tasks.Key(task), worker.Info.Address, report.Attempt, report.Exception!)
                    : OwnError(task, new InvalidOperationException(
                        $"'{_tasks.Key(task)}' threw on {worker.Info.Address} in attempt {report.Attempt}, but its exception takes {MessageLimits.SizeOf(report.Exception):N0} bytes, at most {MessageLimits.ItemBytes:N0} travel. Throw one that holds less.")));
                break;
            default:
                GoOnAfterRun(task);
                break;
        }
    }

    private void Arrived(WorkerView worker, int task, TaskFinished report)
    {
        ref var record = ref _tasks[task];
        record.Bytes = report.Bytes;
        if (!record.IsNeeded)
        {
            Tell(CommandKind.Release, worker.Number, task);
            _toForget.Push(task);
            return;
        }

        record.Blame = 0;
        Hold(task, worker.Number, report.Bytes);
        if (record.IsWanted)
        {
            TellClient(task, TaskStatusCode.Finished, MessageLimits.SizeOf(report.Value) <= MessageLimits.ItemBytes ? report.Value : null);
        }
    }

    /// <summary>A worker that ran a task holds copies of its inputs from then on, and may hand them to others.</summary>
    private void NoteCopies(WorkerView worker, int task)
    {
        ref var record = ref _tasks[task];
        for (var i = record.FirstEdge; i < record.FirstEdge + record.EdgeCount; i++)
        {
            var input = _edges[i].Dependency;
            ref var copied = ref _tasks[input];
            if (copied.State == TaskState.Memory)
            {
                if (copied.Users == 1 && (copied.Flags & (TaskFlags.Wanted | TaskFlags.Ensured)) == 0 && !IsHeldBy(input, worker.Number))
                {
                    // Its last use: the value goes everywhere at once.
                    Tell(CommandKind.Release, worker.Number, input);
                }
                else
                {
                    AddHolder(input, worker.Number);
                }
            }
            else
            {
                // Lost elsewhere meanwhile; the copy here is all there is of it.
                Found(worker, input, _tasks.Key(input), _tasks[input].Bytes);
            }
        }
    }

    private void GiveBack(WorkerView worker, int task)
    {
        if (task < 0 || _tasks[task].Worker != worker.Number)
        {
            return;
        }

        var thief = _thieves.GetValueOrDefault(task);
        EndRun(worker, task);
        ref var record = ref _tasks[task];
        if (record.State == TaskState.Processing && thief is not null && record.IsNeeded && record.Missing == 0 && thief.HasRoom && thief.HasRoomFor(record, _times))
        {
            BeginRun(thief, task);
        }
        else if (record.State == TaskState.Processing)
        {
            GoOnAfterRun(task);
        }
        else
        {
            _toForget.Push(task);
        }
    }

    private void GoOnAfterRun(int task)
    {
        if (_tasks[task].IsNeeded)
        {
            Proceed(task);
        }
        else
        {
            LeaveActive(task);
            _toForget.Push(task);
        }
    }

    private void OnMissing(WorkerView worker, int task, int input, string holder, bool unreachable)
    {
        if (task < 0 || _tasks[task].Worker != worker.Number)
        {
            return;
        }

        // What can be made again is, rather than to wait for a holder that may be dying. What cannot stays where it is until that one is known to be lost.
        var stays = unreachable && input >= 0 && _tasks[input].Function == TaskRecord.Scattered;
        if (!stays && input >= 0 && _tasks[input].State == TaskState.Memory && _workersByAddress.TryGetValue(holder, out var believed) && IsHeldBy(input, believed.Number))
        {
            // Should it hold the value after all and only not have been reached, then not for ever.
            Tell(CommandKind.Release, believed.Number, input);
            if (RemoveHolder(input, believed.Number))
            {
                LoseValue(input);
            }
        }

        GiveBack(worker, task);
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
