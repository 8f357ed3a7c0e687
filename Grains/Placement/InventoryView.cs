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
    private readonly Dictionary<string, (SiloAddress Silo, long Sequence)> _heard = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public int Count => _holders.Count;

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

    /// <summary>Of a silo that is no more.</summary>
    public void Forget(SiloAddress silo)
    {
        foreach (var entry in _holders)
        {
            if (entry.Value.Equals(silo))
            {
                _holders.TryRemove(entry);
            }
        }
    }
}
