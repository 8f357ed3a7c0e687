using System.Collections.Concurrent;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Placement;

/// <summary>
/// Where larger values are, as other silos last told: good enough to place an activation by, never the truth. A grain placed by a
/// view out of date reads its value across.
/// </summary>
internal sealed class InventoryView
{
    private readonly ConcurrentDictionary<(SessionId, TaskKey), SiloAddress> _holders = new();
    private readonly ConcurrentDictionary<SiloAddress, (long QueuedTicks, int Slots)> _loads = new();
    private readonly ConcurrentDictionary<SiloAddress, byte> _leaving = new();
    private readonly Dictionary<string, (SiloAddress Silo, long Sequence)> _heard = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public int Count => _holders.Count;

    /// <summary>Silos of which something is known.</summary>
    public int Silos
    {
        get
        {
            lock (_gate)
            {
                return Known().Count();
            }
        }
    }

    public SiloAddress? Find(SessionId session, TaskKey key) => _holders.GetValueOrDefault((session, key));

    public void Apply(InventoryChange change)
    {
        lock (_gate)
        {
            if (!_heard.TryGetValue(change.Worker, out var heard))
            {
                heard.Silo = SiloAddress.FromParsableString(change.Worker);
            }
            else if (change.Sequence <= heard.Sequence)
            {
                return;
            }
            else if (change.Sequence > heard.Sequence + 1)
            {
                // Something was missed: better to know nothing of this silo than something wrong.
                Forget(heard.Silo);
            }

            _heard[change.Worker] = (heard.Silo, change.Sequence);
            Note(heard.Silo, change.QueuedTicks, change.Slots);
            foreach (var key in change.Went)
            {
                _holders.TryRemove(KeyValuePair.Create((change.Session, KeyTable.Read(change.Layers, key)), heard.Silo));
            }

            foreach (var key in change.Came)
            {
                _holders[(change.Session, KeyTable.Read(change.Layers, key))] = heard.Silo;
            }
        }
    }

    /// <summary>The scheduler on this silo hears of values before their silo's announcement comes; and it is here that its client asks for them.</summary>
    public void Note(SessionId session, TaskKey key, SiloAddress silo) => _holders[(session, key)] = silo;

    /// <summary>How much work a silo has.</summary>
    public void Note(SiloAddress silo, long queuedTicks, int slots) => _loads[silo] = (Math.Max(0, queuedTicks), slots);

    /// <summary>How much work a silo had when it last told; none, where nothing is known of it.</summary>
    public (long QueuedTicks, int Slots) Load(SiloAddress silo) => _loads.GetValueOrDefault(silo, (0, 1));

    /// <summary>Nothing is placed any more on a silo that is about to leave.</summary>
    public void Leaves(SiloAddress silo) => _leaving.TryAdd(silo, default);

    /// <summary>Whether it has said that it is about to leave, and was there since.</summary>
    public bool IsLeaving(SiloAddress silo) => _leaving.ContainsKey(silo);

    /// <summary>Those of the silos that are not about to leave; all, where all are.</summary>
    public SiloAddress[] Staying(SiloAddress[] silos) =>
        _leaving.IsEmpty || Array.FindAll(silos, silo => !_leaving.ContainsKey(silo)) is not { Length: > 0 } staying ? silos : staying;

    /// <summary>Of silos that are no more nothing is kept.</summary>
    public void Keep(IReadOnlySet<SiloAddress> living)
    {
        lock (_gate)
        {
            foreach (var silo in Known().Where(silo => !living.Contains(silo)).ToArray())
            {
                Forget(silo);
                _leaving.TryRemove(silo, out _);
                _heard.Remove(silo.ToParsableString());
            }
        }
    }

    /// <summary>Where values are and how much work there is, of a silo that is lost or was misheard.</summary>
    public void Forget(SiloAddress silo)
    {
        _loads.TryRemove(silo, out _);
        foreach (var entry in _holders)
        {
            if (entry.Value.Equals(silo))
            {
                _holders.TryRemove(entry);
            }
        }
    }

    // Under the gate.
    private IEnumerable<SiloAddress> Known() => _heard.Values.Select(heard => heard.Silo).Concat(_loads.Keys).Concat(_leaving.Keys).Distinct();
}
