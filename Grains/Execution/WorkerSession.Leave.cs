using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Execution;

/// <summary>Leaving in good order: the scheduler is told, and asked what still ties this worker.</summary>
internal sealed partial class WorkerSession
{
    private readonly Queue<(TaskKey Key, long Bytes)> _written = new();
    private WorkerInfo[] _others = [];
    private int _othersTold;
    private LeaveProgress? _progress;
    private long _askedSince;
    private bool _leaving;
    private bool _acknowledged;

    /// <summary>Values of the session that are here.</summary>
    public KeyValuePair<TaskKey, StoredValue>[] Values => Store.List(Id);

    /// <summary>What its scheduler last said of values that nobody can take.</summary>
    public (int Values, long Bytes) Stuck
    {
        get
        {
            lock (_gate)
            {
                return (_progress?.StuckValues ?? 0, _progress?.StuckBytes ?? 0);
            }
        }
    }

    /// <summary>Tells the scheduler that this worker leaves, and asks what still ties it; again with every call.</summary>
    /// <param name="others">The other silos, as they described themselves; with later calls more of them, at the end.</param>
    public void Leave(WorkerInfo[] others)
    {
        lock (_gate)
        {
            if (!_leaving)
            {
                _leaving = true;
                _askedSince = Time.GetTimestamp();
                foreach (var (key, value) in Store.List(Id))
                {
                    if (value.IsWritten)
                    {
                        _written.Enqueue((key, value.Size));
                    }
                }
            }

            _others = others;

            // A report under way asks already.
            _greet |= !_flushing;
        }

        FlushFromTurn();
    }

    /// <summary>
    /// Whether nothing holds this worker: its scheduler has said so, and nothing has come up since. Where nobody answers for the
    /// session, nobody takes its values either; that is believed after <paramref name="patience"/>, sooner where there is nothing to lose.
    /// </summary>
    /// <param name="patience">How long the session is asked for in vain.</param>
    /// <param name="withRuns">Whether tasks that have begun hold it no longer.</param>
    public bool MayGo(TimeSpan patience, bool withRuns)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return true;
            }

            if (_acknowledged)
            {
                // Reports are answered one by one: with none under way, its word is about all that has happened here.
                return _progress is { Values: 0 } && (withRuns || (_progress.Tasks == 0 && !_tasks.Values.Any(task => task.State == WorkerTaskState.Running)))
                    && !_flushing && _written.Count == 0 && _finished.Count == 0 && _revoked.Count == 0 && _missing.Count == 0;
            }

            var empty = _tasks.Count == 0 && Store.Count(Id) == 0;
            return _leaving && Time.GetElapsedTime(_askedSince) > (empty ? patience / 10 : patience);
        }
    }

    /// <summary>Those that run and heed their token end, and run again elsewhere.</summary>
    public bool StopRuns()
    {
        lock (_gate)
        {
            var running = _tasks.Values.Where(task => task.State == WorkerTaskState.Running).ToArray();
            foreach (var task in running)
            {
                Stop(task);
            }

            return running.Length > 0;
        }
    }

    /// <summary>Under the gate: what a report says of it.</summary>
    private LeavingWorker? TakeLeaving(KeyTable table)
    {
        if (!_leaving)
        {
            return null;
        }

        var (keys, sizes) = (new List<WireKey>(), new List<long>());
        while (keys.Count < MostEnds && table.NameBytes < MessageLimits.GatheredBytes && _written.TryDequeue(out var written))
        {
            keys.Add(table.Write(written.Key));
            sizes.Add(written.Bytes);
        }

        var others = _others[_othersTold..];
        _othersTold = _others.Length;
        return new LeavingWorker([.. keys], [.. sizes], others);
    }

    /// <summary>Under the gate: a later scheduler knows nothing of it.</summary>
    private void LeaveAnew()
    {
        _acknowledged = false;
        _progress = null;
        _othersTold = 0;
        _askedSince = Time.GetTimestamp();
    }

    private void Answered(WorkerReport report, ReportAnswer answer)
    {
        if (report.Leaving is null)
        {
            return;
        }

        lock (_gate)
        {
            var inForce = answer.EpochInForce == report.Epoch && answer.EpochInForce != 0 && answer.Leave is not null;
            if (_acknowledged && !inForce)
            {
                _askedSince = Time.GetTimestamp();
            }

            _acknowledged = inForce;
            _progress = answer.Leave ?? _progress;
        }
    }
}
