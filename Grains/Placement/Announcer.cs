using System.Numerics;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Placement;

/// <summary>Tells the other silos of larger values that come to and go from this one, and how much work it has: at once when nothing is under way, else together with what gathers.</summary>
internal sealed class Announcer
{
    private const int MostChanges = 2_000;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<(SessionId Session, TaskKey Key, bool Came)> _changes = new();
    private readonly WorkerCore _core;
    private readonly InventoryView _here;
    private readonly ISiloStatusOracle _silos;
    private long _sequence;
    private long _toldLoad;
    private bool _loadIsNews;
    private bool _sending;

    public Announcer(WorkerCore core, ChunkStore store, InventoryView here, ISiloStatusOracle silos)
    {
        _core = core;
        _here = here;
        _silos = silos;
        store.Changed = Add;
        core.WorkPassed = LookAtLoad;
        core.Looked = ForgetTheDead;
    }

    private void ForgetTheDead() =>
        _here.Keep(_silos.GetApproximateSiloStatuses().Where(silo => silo.Value != SiloStatus.Dead).Select(silo => silo.Key).ToHashSet());

    /// <summary>Tells the others of much more or much less work, where no value's coming or going does.</summary>
    private void LookAtLoad()
    {
        var load = _core.QueuedTicks;
        _here.Note(_silos.SiloAddress, load, _core.Info.Slots);
        lock (_gate)
        {
            if (BitOperations.Log2((ulong)(load / TimeSpan.TicksPerMillisecond)) == BitOperations.Log2((ulong)(_toldLoad / TimeSpan.TicksPerMillisecond)))
            {
                return;
            }

            _loadIsNews = true;
            if (_sending)
            {
                return;
            }

            _sending = true;
        }

        _core.Executor.PostAside(new ActionWork(() => _ = SendAllAsync()));
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
            if (Planted.AnnouncersFailUnheard)
            {
                throw new InvalidOperationException("Values could not be announced.", exception);
            }
        }
    }

    /// <summary>Changes of one session, in order; what came and went again is not mentioned.</summary>
    private InventoryChange? Take()
    {
        lock (_gate)
        {
            if (!_changes.TryPeek(out var first))
            {
                if (_loadIsNews)
                {
                    return Change(new SessionId(""), new KeyTable(), [], []);
                }

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
            return Change(first.Session, table, came, went);
        }
    }

    // Under the gate.
    private InventoryChange Change(SessionId session, KeyTable table, WireKey[] came, WireKey[] went)
    {
        (_toldLoad, _loadIsNews) = (_core.QueuedTicks, false);
        return new InventoryChange(_core.Info.Address, ++_sequence, session, table.Names(), came, went) { QueuedTicks = _toldLoad, Slots = _core.Info.Slots };
    }
}
