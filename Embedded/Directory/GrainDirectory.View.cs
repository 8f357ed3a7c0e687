using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>How the directory follows the ring.</summary>
internal sealed partial class GrainDirectory
{
    private const int EntriesPerMessage = 8192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _viewLock = new();
    private readonly Dictionary<SiloAddress, long> _toldAt = [];
    private View _view = new(0, new HashRing([]), []);

    /// <summary>Called with every change of membership, in order.</summary>
    public void Follow(MembershipTable table)
    {
        _partition.RemoveWhere((_, entry) => table.IsDead(entry.Silo));
        View before;
        View view;
        lock (_viewLock)
        {
            before = _view;
            if (table.RingVersion == before.Version)
            {
                before.Forget(table.IsDead);
                return;
            }

            var others = table.Entries.Where(e => e.Hosts && !e.Silo.Equals(_silo.Address)).Select(e => e.Silo);
            view = new View(table.RingVersion, new HashRing(table.ActiveSilos), [.. others.Where(o => _toldAt.GetValueOrDefault(o) < table.RingVersion)]);
            _view = view;
        }

        before.Supersede();
        _partition.RemoveWhere((grain, _) => !_silo.Address.Equals(view.Ring.OwnerOf(grain)));
        HandOver(view, table);
        if (!view.IsReady)
        {
            _ = LosePatienceAsync(view);
        }
    }

    private void HandOver(View view, MembershipTable table)
    {
        var perOwner = new Dictionary<SiloAddress, List<DirectoryEntry>>();
        foreach (var other in table.Entries.Where(e => e.Hosts && !e.Silo.Equals(_silo.Address)))
        {
            perOwner[other.Silo] = [];
        }

        foreach (var activation in _silo.LocalActivations.OrderBy(a => a.Number))
        {
            if (!activation.WantsRegistration || view.Ring.OwnerOf(activation.GrainId) is not { } owner)
            {
                continue;
            }

            if (owner.Equals(_silo.Address))
            {
                Enter(_silo.Address, [new DirectoryEntry(activation.GrainId, activation.Number)]);
            }
            else if (perOwner.TryGetValue(owner, out var entries))
            {
                entries.Add(new DirectoryEntry(activation.GrainId, activation.Number));
            }
        }

        foreach (var (owner, entries) in perOwner)
        {
            _ = HandOverAsync(owner, view.Version, entries);
        }
    }

    private async Task HandOverAsync(SiloAddress owner, long version, List<DirectoryEntry> entries)
    {
        try
        {
            var sent = 0;
            do
            {
                var part = entries.Skip(sent).Take(EntriesPerMessage).ToArray();
                sent += part.Length;
                await Target(owner).HandoffAsync(_silo.Address, version, part, sent == entries.Count);
            }
            while (sent < entries.Count);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // It is dying, and then the ring changes again; or it is slow, and then it loses patience.
            LogHandoffFailed(owner, version, e.Message);
        }
    }

    private void Enter(SiloAddress silo, DirectoryEntry[] entries)
    {
        foreach (var entry in entries)
        {
            var winner = RegisterHere(entry.Grain, new Registration(silo, entry.Number));
            if (winner.Silo.Equals(silo))
            {
                continue;
            }

            LogDuplicate(entry.Grain, silo, winner.Silo);
            _ = Target(silo).LostAsync(entry.Grain, entry.Number, winner.Silo).AsTask();
        }
    }

    private void Told(SiloAddress from, long version)
    {
        View view;
        lock (_viewLock)
        {
            _toldAt[from] = Math.Max(version, _toldAt.GetValueOrDefault(from));
            view = _view;
            if (version < view.Version)
            {
                return;
            }
        }

        view.Forget(from.Equals);
    }

    private async Task LosePatienceAsync(View view)
    {
        await Task.WhenAny(view.Ready.Awaited(), Task.Delay(Patience, _silo.Environment.Time));
        if (!view.IsReady)
        {
            LogPatienceLost(view.Version, string.Join(", ", view.Awaited));
            view.Supersede();
        }
    }

    /// <summary>The view of the ring, once it is at least at this version and complete.</summary>
    private async ValueTask<View> ViewAtAsync(long version)
    {
        while (true)
        {
            var view = _view;
            if (view.Version < version || view.Version == 0)
            {
                await _silo.Membership.UntilChangedAsync(_silo.Environment.Time);
            }
            else if (view.IsReady)
            {
                return view;
            }
            else
            {
                await view.Ready;
            }
        }
    }

    /// <summary>The ring at one version, and the silos that have not yet told what they host.</summary>
    private sealed class View
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<SiloAddress> _awaited;

        public View(long version, HashRing ring, HashSet<SiloAddress> awaited)
        {
            Version = version;
            Ring = ring;
            _awaited = awaited;
            if (awaited.Count == 0)
            {
                _ready.SetResult();
            }
        }

        public long Version { get; }

        public HashRing Ring { get; }

        public Task Ready => _ready.Task;

        public bool IsReady => _ready.Task.IsCompleted;

        public SiloAddress[] Awaited
        {
            get
            {
                lock (_awaited)
                {
                    return [.. _awaited.Order()];
                }
            }
        }

        public void Forget(Predicate<SiloAddress> told)
        {
            lock (_awaited)
            {
                _awaited.RemoveWhere(told);
                if (_awaited.Count > 0)
                {
                    return;
                }
            }

            _ready.TrySetResult();
        }

        public void Supersede() => _ready.TrySetResult();
    }

    [LoggerMessage(LogLevel.Debug, "Handing over to {Owner} at ring {Version} failed: {Reason}")]
    private partial void LogHandoffFailed(SiloAddress owner, long version, string reason);

    [LoggerMessage(LogLevel.Warning, "{Grain} was active on {Loser} and on {Winner}; the older one stays.")]
    private partial void LogDuplicate(GrainId grain, SiloAddress loser, SiloAddress winner);

    [LoggerMessage(LogLevel.Warning, "Ring {Version} goes on without word from {Silos}: grains of theirs may be activated twice for a moment.")]
    private partial void LogPatienceLost(long version, string silos);
}
