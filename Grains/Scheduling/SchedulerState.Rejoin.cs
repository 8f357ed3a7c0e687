using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// Workers that come, with what they bring of an earlier epoch: values, and runs that have begun. Neither is done again, if the client
/// names the keys within <see cref="SchedulerOptions.FoundFor"/>.
/// </summary>
internal sealed partial class SchedulerState
{
    private readonly Dictionary<TaskKey, WorkerView> _running = [];

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
                if (record.IsWanted && !Planted.ValuesFoundAreNotTold)
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

    /// <summary>A task that runs on a worker which has just joined: whoever wants it waits for that run.</summary>
    private void NoteRunning(WorkerView worker, TaskKey key)
    {
        _foundUntil = _now + _options.FoundFor.Ticks;
        var task = _tasks.Find(key);
        if (task >= 0 && _tasks[task].State == TaskState.Ready)
        {
            LeaveQueue(ref _tasks[task]);
            BeginRun(worker, task);
        }
        else if (task < 0 || _tasks[task].State is TaskState.Released or TaskState.Waiting)
        {
            _running[key] = worker;
        }
    }

    private void ForgetRunning(WorkerView lost)
    {
        foreach (var (key, worker) in _running)
        {
            if (worker == lost)
            {
                _running.Remove(key);
            }
        }
    }
}
