using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>How the directory follows the ring.</summary>
internal sealed partial class GrainDirectory
{
    private const int EntriesPerMessage = 8192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Held for each step to a new view, and for each mark on an activation that a view's grant makes.</summary>
    private readonly Lock _lock = new();
    private volatile DirectoryView _view = new(0, new HashRing([]), []);

    /// <summary>Called with every change of membership, in order.</summary>
    public void Follow(MembershipTable table)
    {
        var before = _view;
        if (table.RingVersion == before.Version)
        {
            before.Part.RemoveDead(table.IsDead);
            before.Told(table.IsDead);
            return;
        }

        var view = new DirectoryView(table.RingVersion, new HashRing(table.ActiveSilos), table.Entries.Where(e => e.Hosts).Select(e => e.Silo));
        lock (_lock)
        {
            _view = view;
        }

        before.Supersede();
        HandOver(view, table);
        if (!view.IsReady)
        {
            _ = LosePatienceAsync(view);
        }
    }

    async ValueTask<DirectoryConflict[]> IDirectoryTarget.HandoffAsync(SiloAddress from, long version, DirectoryEntry[] entries, bool last)
    {
        var view = _view;
        while (view.Version < version)
        {
            // The sender heard of the change first.
            await view.Over;
            view = _view;
        }

        if (view.Version > version || _silo.Membership.IsDead(from))
        {
            // It tells, or told, the same again at the later version.
            return [];
        }

        var conflicts = Enter(view, from, entries);
        if (last)
        {
            view.Told(from.Equals);
        }

        return conflicts;
    }

    /// <summary>Tells every owner what this silo hosts of its part.</summary>
    private void HandOver(DirectoryView view, MembershipTable table)
    {
        var perOwner = table.Entries.Where(e => e.Hosts).ToDictionary(e => e.Silo, _ => new List<DirectoryEntry>());
        foreach (var activation in _silo.LocalActivations)
        {
            if (activation.IsRegistered && view.Ring.OwnerOf(activation.GrainId) is { } owner && perOwner.TryGetValue(owner, out var entries))
            {
                entries.Add(new DirectoryEntry(activation.GrainId, activation.Number));
            }
        }

        foreach (var (owner, entries) in perOwner)
        {
            // The table of activations has an order of its own in every process.
            entries.Sort(static (a, b) => a.Number.CompareTo(b.Number));
            if (owner.Equals(_silo.Address))
            {
                Resolve(Enter(view, owner, [.. entries]));
                view.Told(owner.Equals);
            }
            else
            {
                _ = HandOverAsync(owner, view, entries);
            }
        }
    }

    /// <summary>Repeated until the owner has it all, or is not the owner any more.</summary>
    private async Task HandOverAsync(SiloAddress owner, DirectoryView view, List<DirectoryEntry> entries)
    {
        var sent = 0;
        var isTold = false;
        while (!isTold && ReferenceEquals(view, _view) && !_silo.Membership.IsDead(owner) && !_silo.IsStopped)
        {
            var part = entries.Skip(sent).Take(EntriesPerMessage).ToArray();
            try
            {
                Resolve(await Target(owner).HandoffAsync(_silo.Address, view.Version, part, sent + part.Length == entries.Count));
                sent += part.Length;
                isTold = sent == entries.Count;
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                LogHandoffFailed(owner, view.Version, e.Message);
                if (Planted.HandoversAreTriedOnce)
                {
                    return;
                }

                await _silo.Membership.UntilChangedAsync(_silo.Environment.Time);
            }
        }
    }

    private DirectoryConflict[] Enter(DirectoryView view, SiloAddress silo, DirectoryEntry[] entries)
    {
        List<DirectoryConflict>? conflicts = null;
        foreach (var entry in entries)
        {
            var winner = view.Part.Register(entry.Grain, new Registration(silo, entry.Number), _silo.Membership.IsDead);
            if (!winner.Silo.Equals(silo))
            {
                (conflicts ??= []).Add(new DirectoryConflict(entry.Grain, entry.Number, winner.Silo));
            }
        }

        return conflicts is null ? [] : [.. conflicts];
    }

    /// <summary>Activations of this silo that came second have to go.</summary>
    private void Resolve(DirectoryConflict[] conflicts)
    {
        foreach (var (grain, number, winner) in conflicts)
        {
            if (_silo.Find(grain) is not { } activation || activation.Number != number)
            {
                continue;
            }

            lock (_lock)
            {
                activation.IsRegistered = false;
            }

            LogDuplicate(grain, _silo.Address, winner);
            _silo.Runtime.Learned(grain, winner);
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.DuplicateActivation, $"An older activation lives on {winner}."));
        }
    }

    private async Task LosePatienceAsync(DirectoryView view)
    {
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(view.Ready.Awaited(), Task.Delay(Patience, _silo.Environment.Time, enough.Token).Awaited());
        enough.Cancel();
        if (!view.IsReady)
        {
            LogPatienceLost(view.Version, string.Join<SiloAddress>(", ", view.Awaited));
            view.GoOn();
        }
    }

    /// <summary>The view of the ring, once it is at least at this version and complete.</summary>
    private async ValueTask<DirectoryView> ViewAtAsync(long version)
    {
        while (true)
        {
            var view = _view;
            await (view.Version < version || view.Version == 0 ? view.Over : view.Ready);
            if (ReferenceEquals(view, _view) && view.Version >= version)
            {
                return view;
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "Handing over to {Owner} at ring {Version} failed: {Reason}")]
    private partial void LogHandoffFailed(SiloAddress owner, long version, string reason);

    [LoggerMessage(LogLevel.Warning, "{Grain} was active on {Loser} and on {Winner}; the older one stays.")]
    private partial void LogDuplicate(GrainId grain, SiloAddress loser, SiloAddress winner);

    [LoggerMessage(LogLevel.Warning, "Ring {Version} goes on without word from {Silos}: grains of theirs may be activated twice for a moment.")]
    private partial void LogPatienceLost(long version, string silos);
}
