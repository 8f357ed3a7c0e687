using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Placement;

/// <summary>Tells the other silos of larger values that come to and go from this one: at once when nothing is under way, else together with what gathers.</summary>
internal sealed class Announcer
{
    private const int MostChanges = 2_000;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<(SessionId Session, TaskKey Key, bool Came)> _changes = new();
    private readonly WorkerCore _core;
    private readonly ISiloStatusOracle _silos;
    private long _sequence;
    private bool _sending;

    public Announcer(WorkerCore core, ChunkStore store, ISiloStatusOracle silos)
    {
        _core = core;
        _silos = silos;
        store.Changed = Add;
    }

    private void Add(SessionId session, TaskKey key, bool came)
    {
        lock (_gate)
        {
            _changes.Enqueue((session, key, came));
            if (_sending)
            {
                return;
            }

            _sending = true;
        }

        _core.Executor.PostAside(new ActionWork(() => _ = SendAllAsync()));
    }

    private async Task SendAllAsync()
    {
        while (Take() is { } change)
        {
            var others = _silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => !silo.Equals(_silos.SiloAddress)).ToArray();
            await Task.WhenAll(others.Select(silo => TellAsync(silo, change)));
        }
    }

    private async Task TellAsync(SiloAddress silo, InventoryChange change)
    {
        try
        {
            await _core.Worker(silo.ToParsableString()).AnnounceAsync(change).WaitAsync(s_deadline, _core.Time);
        }
        catch (Exception exception)
        {
            // It finds the gap with the next one, and forgets what it knew of this silo.
            _core.LogAnnounceFailed(silo.ToParsableString(), exception);
        }
    }

    /// <summary>Changes of one session, in order; what came and went again is not mentioned.</summary>
    private InventoryChange? Take()
    {
        lock (_gate)
        {
            if (!_changes.TryPeek(out var first))
            {
                _sending = false;
                return null;
            }

            var last = new Dictionary<TaskKey, bool>();
            while (last.Count < MostChanges && _changes.TryPeek(out var change) && change.Session == first.Session)
            {
                last[change.Key] = change.Came;
                _changes.Dequeue();
            }

            var table = new KeyTable();
            WireKey[] came = [.. last.Where(entry => entry.Value).Select(entry => table.Write(entry.Key))];
            WireKey[] went = [.. last.Where(entry => !entry.Value).Select(entry => table.Write(entry.Key))];
            return new InventoryChange(_core.Info.Address, ++_sequence, first.Session, table.Names(), came, went);
        }
    }
}
