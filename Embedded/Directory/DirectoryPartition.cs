using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>One silo's part of the directory at one version of the ring: grain → the activation that came first.</summary>
internal sealed class DirectoryPartition
{
    private readonly ConcurrentDictionary<GrainId, Registration> _entries = new();

    public SiloAddress? Find(GrainId grain) => _entries.TryGetValue(grain, out var entry) ? entry.Silo : null;

    /// <returns>Who is registered now: the given one, or an earlier one that still lives.</returns>
    public Registration Register(GrainId grain, Registration wanted, Func<SiloAddress, bool> isDead)
    {
        while (true)
        {
            var present = _entries.GetOrAdd(grain, wanted);
            // A silo makes one activation of a grain at a time: its earlier one is gone, only its removal is late.
            var isFormer = present.Silo.Equals(wanted.Silo) && present.Number < wanted.Number;
            if (present == wanted || !(isFormer || isDead(present.Silo)))
            {
                return present;
            }

            if (_entries.TryUpdate(grain, wanted, present))
            {
                return wanted;
            }
        }
    }

    public void Unregister(GrainId grain, Registration gone) => _entries.TryRemove(KeyValuePair.Create(grain, gone));

    public void RemoveDead(Func<SiloAddress, bool> isDead)
    {
        foreach (var entry in _entries)
        {
            if (isDead(entry.Value.Silo))
            {
                _entries.TryRemove(entry);
            }
        }
    }
}

/// <summary>An activation by its silo and its number there.</summary>
internal readonly record struct Registration(SiloAddress Silo, long Number);
