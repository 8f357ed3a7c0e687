using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What workers report: ends of tasks, tasks given back, inputs that were missing.</summary>
internal sealed partial class SchedulerState
{
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
}
