using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Execution;

/// <summary>Ends of tasks, and how the scheduler hears of them: at once when nothing is under way, else together with what gathers meanwhile.</summary>
internal sealed partial class WorkerSession
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(2);

    /// <summary>Ends in one report at most.</summary>
    private const int MostEnds = 10_000;

    /// <summary>Letters kept of a message that an exception too large to travel has.</summary>
    private const int MostTold = 10_000;

    private readonly Queue<Ended> _finished = new();
    private readonly List<TaskKey> _revoked = [];
    private readonly List<(TaskKey Task, TaskKey Input, string Holder, bool Unreachable)> _missing = [];
    private readonly HashSet<string> _codeWanted = new(StringComparer.Ordinal);
    private long _reports;
    private long _lastHeard;
    private bool _flushing;

    /// <summary>When its scheduler was last known to live.</summary>
    public TimeSpan SinceHeard => Time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>
    /// The function has returned; on a slot's thread. Throws what code of the value's own throws when it is asked for its size,
    /// before anything has changed: the task has failed then.
    /// </summary>
    public void Finished(WorkerTask task, object? value, long ticks)
    {
        var size = ValueSize.Of(value);
        var stored = StoredValue.OfObject(value, size);
        var riding = Ride(task, value, size);
        _core.Load.Ran(ticks);
        bool flush;
        lock (_gate)
        {
            if (_closed && !Planted.LateValuesAreKept)
            {
                task.State = WorkerTaskState.Ended;
                return;
            }

            Store.Put(Id, task.Key, stored);
            EndTask(task, finished: true);
            Answer(new Ended(task.Key, task.Attempt, TaskStatusCode.Finished, size, ticks, riding, null));
            flush = StartFlush();
        }

        if (flush)
        {
            _ = FlushAsync();
        }
    }

    /// <summary>The function threw, or could not be called; on a slot's thread.</summary>
    public void Failed(WorkerTask task, Exception exception, long ticks)
    {
        var cancelled = exception is OperationCanceledException && task.Cancellation.IsCancellationRequested;
        var payload = cancelled || exception is InputGoneException ? null : Encode(exception);
        bool flush;
        lock (_gate)
        {
            EndTask(task, finished: false);
            if (_closed)
            {
                return;
            }

            if (exception is InputGoneException gone)
            {
                _missing.Add((task.Key, gone.Key, _core.Info.Address, false));
            }
            else
            {
                Answer(new Ended(task.Key, task.Attempt, cancelled ? TaskStatusCode.Cancelled : TaskStatusCode.Failed, 0, ticks, null, payload));
            }

            flush = StartFlush();
        }

        if (flush)
        {
            _ = FlushAsync();
        }
    }

    /// <summary>For calls on a grain's turn: the loop begins on an executor's thread, so that it belongs to no activation and survives all of them.</summary>
    public void FlushFromTurn()
    {
        bool flush;
        lock (_gate)
        {
            flush = StartFlush();
        }

        if (flush)
        {
            Executor.PostAside(new ActionWork(() => _ = FlushAsync()));
        }
    }

    /// <summary>A sign of life, and the question whether the scheduler lives.</summary>
    public void Greet()
    {
        lock (_gate)
        {
            _greet = true;
        }

        FlushFromTurn();
    }

    private bool _greet;

    private bool StartFlush()
    {
        if (_flushing || _closed || (_finished.Count == 0 && _revoked.Count == 0 && _missing.Count == 0 && _codeWanted.Count == 0 && !_greet))
        {
            return false;
        }

        return _flushing = true;
    }

    private async Task FlushAsync()
    {
        while (true)
        {
            WorkerReport report;
            lock (_gate)
            {
                _flushing = false;
                if (!StartFlush())
                {
                    return;
                }

                report = TakeReport();
            }

            await SendAsync(report);
        }
    }

    private async Task SendAsync(WorkerReport report)
    {
        for (var pause = s_firstRetry; ; pause = pause * 2 < s_lastRetry ? pause * 2 : s_lastRetry)
        {
            try
            {
                var answer = await _core.Scheduler(Id).ReportAsync(report).WaitAsync(s_deadline, Time);
                Answered(report, answer);
                if (answer.EpochInForce == report.Epoch && report.Epoch > 0)
                {
                    Volatile.Write(ref _lastHeard, Time.GetTimestamp());
                    return;
                }

                // Of the past: a later scheduler has taken, or will take, the inventory. One that knows less than this worker is not
                // the scheduler: it has not been opened again yet, or is a second activation that goes when it is found.
                if (answer.EpochInForce > report.Epoch || Planted.ReportsAreSentOnce)
                {
                    return;
                }
            }
            catch (ArgumentException refused)
            {
                // No repetition makes it right. The scheduler counts this worker as lost, and joins it anew.
                _core.LogReportRefused(Id.Value, refused);
                return;
            }
            catch (Exception exception)
            {
                _core.LogReportFailed(Id.Value, exception);
                if (Planted.ReportsAreSentOnce)
                {
                    return;
                }
            }

            await Task.Delay(pause, Time);
            lock (_gate)
            {
                if (_closed || report.Epoch != _epoch)
                {
                    return;
                }
            }
        }
    }

    private WorkerReport TakeReport()
    {
        var table = new KeyTable();
        var (count, bytes) = (0, 0L);
        var finished = new TaskFinished[Math.Min(_finished.Count, MostEnds)];
        while (count < finished.Length && bytes + table.NameBytes < MessageLimits.GatheredBytes)
        {
            var end = _finished.Dequeue();
            bytes += MessageLimits.BytesPerEntry + MessageLimits.SizeOf(end.Value) + MessageLimits.SizeOf(end.Exception);
            finished[count++] = new TaskFinished(table.Write(end.Key), end.Attempt, end.Status, end.Bytes, end.Ticks, end.Value, end.Exception);
        }

        if (count < finished.Length)
        {
            Array.Resize(ref finished, count);
        }

        WireKey[] revoked = _revoked.Count == 0 ? [] : [.. _revoked.Select(table.Write)];
        MissingInput[] missing = _missing.Count == 0 ? [] : [.. _missing.Select(entry => new MissingInput(table.Write(entry.Task), table.Write(entry.Input), entry.Holder, entry.Unreachable))];
        string[] wanted = _codeWanted.Count == 0 ? [] : [.. _codeWanted];
        _revoked.Clear();
        _missing.Clear();
        _codeWanted.Clear();
        _greet = false;
        var leaving = TakeLeaving(table);
        return new WorkerReport(_core.Info.Address, _epoch, ++_reports, table.Names(), finished, revoked, missing, wanted, leaving)
        {
            BytesPerSecond = _core.Inputs.Rate.BytesPerSecond,
        };
    }

    private void ResetReports()
    {
        _reports = 0;
        _finished.Clear();
        _revoked.Clear();
        _missing.Clear();
    }

    private void Answer(Ended end) => _finished.Enqueue(end);

    /// <summary>Takes the task off the list; inputs fetched for it stay if it finished with them, for then the scheduler knows of them.</summary>
    private void EndTask(WorkerTask task, bool finished)
    {
        task.State = WorkerTaskState.Ended;
        _tasks.Remove(task.Key);
        _taskCount = _tasks.Count;
        if (_copies.Count > 0)
        {
            foreach (var input in task.Dependencies)
            {
                LeaveCopy(input, finished);
            }
        }
    }

    /// <summary>The value itself for the report, where it is wanted and small.</summary>
    private Payload? Ride(WorkerTask task, object? value, long size)
    {
        if (!task.ReturnValue || size > _core.Options.RidingBytes)
        {
            return null;
        }

        var payload = Payload.Of(value);
        if (_sharedProcess == _core.Options.Process)
        {
            return payload;
        }

        try
        {
            return payload.Encode().Length <= _core.Options.RidingBytes ? payload : null;
        }
        catch (Exception)
        {
            // Refused, or code of its own threw. Tasks here may take it all the same; whoever wants it elsewhere gets this error when reading it.
            return null;
        }
    }

    private Payload Encode(Exception exception)
    {
        var payload = Payload.Of(exception);
        if (_sharedProcess == _core.Options.Process)
        {
            return payload;
        }

        try
        {
            return payload.Encode().Length <= MessageLimits.GatheredBytes ? payload : Retold(exception, $"it takes more than {MessageLimits.GatheredBytes:N0} bytes");
        }
        catch (Exception refused)
        {
            return Retold(exception, Told(() => refused.Message));
        }
    }

    /// <summary>What can be said of an exception that cannot travel. Every run is answered, so nothing that it does may stop this.</summary>
    private static Payload Retold(Exception exception, string why)
    {
        var told = Payload.Of(new InvalidOperationException(
            $"{exception.GetType().FullName}: {Told(() => exception.Message)} (The exception itself cannot travel: {why})\n{Told(() => exception.StackTrace)}"));
        told.Encode();
        return told;
    }

    private static string Told(Func<string?> text)
    {
        try
        {
            return text() is not { } told ? "" : told.Length <= MostTold ? told : told[..MostTold] + "…";
        }
        catch (Exception thrown)
        {
            return $"(it throws {thrown.GetType().FullName} when asked)";
        }
    }

    private readonly record struct Ended(TaskKey Key, int Attempt, TaskStatusCode Status, long Bytes, long Ticks, Payload? Value, Payload? Exception);
}
