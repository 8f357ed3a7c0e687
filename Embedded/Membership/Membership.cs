using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A silo's view of the cluster: joins, follows the table, tells everybody on this silo, and keeps the table if it is the primary.</summary>
internal sealed partial class Membership : IMembershipTarget, IClusterMembershipService, ISiloStatusOracle
{
    public const string TargetType = "sys.membership";
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly EmbeddedSilo _silo;
    private readonly ILogger _logger;
    private readonly ClusterMembershipOptions _options;
    private readonly Lock _lock = new();
    private ImmutableHashSet<ISiloStatusListener> _listeners = [];
    private MembershipKeeper? _keeper;
    private Following _now;

    public Membership(EmbeddedSilo silo, ClusterMembershipOptions options)
    {
        _silo = silo;
        _options = options;
        _logger = silo.Logger;
        var nobody = new MembershipTable { Version = 0, RingVersion = 0, Keeper = silo.Address, Entries = [] };
        _now = new Following(nobody, nobody.ToSnapshot());
    }

    public MembershipTable Table => _now.Table;

    public ClusterMembershipSnapshot CurrentSnapshot => _now.Snapshot;

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => UpdatesAsync();

    public SiloStatus CurrentStatus => Table.StatusOf(_silo.Address);

    public string SiloName => _silo.Name;

    public SiloAddress SiloAddress => _silo.Address;

    /// <summary>Becomes the first silo of a cluster.</summary>
    public void Found(MemberEntry self)
    {
        _keeper = new MembershipKeeper(MembershipTable.Found(self), _options);
        Accept(_keeper.Table);
    }

    /// <summary>Joins the cluster of the primary at <paramref name="primary"/>, waiting for it to come up.</summary>
    public async Task JoinAsync(IPEndPoint primary, MemberEntry self, CancellationToken cancellationToken)
    {
        var deadline = _silo.Environment.Time.GetTimestamp();
        while (true)
        {
            try
            {
                var keeper = await _silo.Links.ConnectAsync(primary, cancellationToken);
                Accept(await Target(keeper).JoinAsync(self).WaitAsync(cancellationToken));
                return;
            }
            catch (Exception e) when (e is SiloUnavailableException or TimeoutException or Runtime.Messaging.ConnectionFailedException { IsTransient: true })
            {
                if (_silo.Environment.Time.GetElapsedTime(deadline) > _options.MaxJoinAttemptTime)
                {
                    throw new OrleansException($"The primary silo at {primary} could not be joined within {_options.MaxJoinAttemptTime}. Start it first, or correct the primary's address.", e);
                }

                await Task.Delay(Retry, _silo.Environment.Time, cancellationToken);
            }
        }
    }

    /// <summary>Tells the cluster of this silo's next step.</summary>
    public async Task SetStatusAsync(SiloStatus status)
    {
        // Also when the keeper is this silo: its decisions are made on one turn.
        Accept(await Target(Table.Keeper).SetStatusAsync(_silo.Address, status));
    }

    /// <summary>The last word of a silo that stops. A keeper names its successor.</summary>
    public async Task LeaveAsync()
    {
        if (Table.Keeper.Equals(_silo.Address))
        {
            await Task.Factory.StartNew(() => Changed(_keeper!.Leave(_silo.Address)), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _silo.MembershipTurns);
        }
        else
        {
            await Target(Table.Keeper).SetStatusAsync(_silo.Address, SiloStatus.Dead);
        }
    }

    public bool IsDead(SiloAddress silo) => Table.IsDead(silo);

    /// <summary>Until the table changes, or a moment passed: for those who wait for something to get better.</summary>
    public async Task UntilChangedAsync(TimeProvider time) => await Task.WhenAny(_now.Next.Task.Awaited(), Task.Delay(Glance, time));

    /// <summary>Takes a newer table, tells listeners, directory and clients. Older ones change nothing.</summary>
    public void Accept(MembershipTable table)
    {
        lock (_lock)
        {
            var before = _now;
            if (table.Version <= before.Table.Version)
            {
                return;
            }

            _now = new Following(table, table.ToSnapshot());
            _silo.Directory.Follow(table);
            before.Next.TrySetResult();

            // Told on this target's turns: in order, and never under the lock.
            _silo.MembershipTurns.Post(new ActionTurn(_ => Announce(before.Table, table), null));
        }
    }

    Task<MembershipTable> IMembershipTarget.JoinAsync(MemberEntry joining) => Task.FromResult(Changed(Keeper().Join(joining)));

    Task<MembershipTable> IMembershipTarget.SetStatusAsync(SiloAddress silo, SiloStatus status) => Task.FromResult(Changed(Keeper().SetStatus(silo, status)));

    Task IMembershipTarget.SuspectAsync(SiloAddress suspect, SiloAddress by)
    {
        LogSuspected(suspect, by);
        Changed(Keeper().Suspect(suspect, by));
        return Task.CompletedTask;
    }

    Task IMembershipTarget.LearnAsync(MembershipTable table)
    {
        Accept(table);
        return Task.CompletedTask;
    }

    ValueTask<long> IMembershipTarget.ProbeAsync() => new(Table.Version);

    Task<MembershipTable> IMembershipTarget.ReadAsync() => Task.FromResult(Table);

    public async ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        while (minimumVersion == default || Table.Version < minimumVersion.Value)
        {
            if (!Table.Keeper.Equals(_silo.Address))
            {
                Accept(await Target(Table.Keeper).ReadAsync().WaitAsync(cancellationToken));
            }

            if (minimumVersion == default)
            {
                return;
            }

            if (Table.Version < minimumVersion.Value)
            {
                await UntilChangedAsync(_silo.Environment.Time).WaitAsync(cancellationToken);
            }
        }
    }

    public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => Table.StatusOf(siloAddress);

    public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) =>
        Table.Entries.Where(e => !onlyActive || e.Status == SiloStatus.Active).ToDictionary(e => e.Silo, e => e.Status);

    public ImmutableArray<SiloAddress> GetActiveSilos() => [.. Table.ActiveSilos];

    public bool IsDeadSilo(SiloAddress silo) => IsDead(silo);

    public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return ImmutableInterlocked.Update(ref _listeners, static (listeners, added) => listeners.Add(added), observer);
    }

    public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return ImmutableInterlocked.Update(ref _listeners, static (listeners, gone) => listeners.Remove(gone), observer);
    }

    internal IMembershipTarget Target(SiloAddress silo) => _silo.Runtime.SystemTarget<IMembershipTarget>(TargetType, new NodeAddress(silo));

    private MembershipKeeper Keeper() => _keeper
        ?? throw new OrleansException($"{_silo.Address} does not keep the membership table; {Table.Keeper} does. Name that one as the primary.");

    /// <summary>A table made here: it is ours, and everybody's.</summary>
    private MembershipTable Changed(MembershipTable table)
    {
        if (table.Version > Table.Version)
        {
            // The newest dead learn of it as well: a silo that was only slow must stop.
            var tell = table.Entries.Where(e => !e.Silo.Equals(_silo.Address) && (e.Status != SiloStatus.Dead || Table.StatusOf(e.Silo) != SiloStatus.Dead)).ToArray();
            Accept(table);
            foreach (var entry in tell)
            {
                _ = Target(entry.Silo).LearnAsync(table);
            }
        }

        return table;
    }

    private void Announce(MembershipTable before, MembershipTable table)
    {
        if (table.Keeper.Equals(_silo.Address) && _keeper is null)
        {
            _keeper = new MembershipKeeper(table, _options);
        }

        _silo.Follow(before, table);
        foreach (var entry in table.Entries)
        {
            if (before.StatusOf(entry.Silo) != entry.Status)
            {
                LogStatus(entry.Silo, entry.Status);
                Notify(entry.Silo, entry.Status);
            }
        }
    }

    private void Notify(SiloAddress silo, SiloStatus status)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener.SiloStatusChangeNotification(silo, status);
            }
            catch (Exception e)
            {
                LogListenerFailed(e, listener.GetType(), silo, status);
            }
        }
    }

    private async IAsyncEnumerable<ClusterMembershipSnapshot> UpdatesAsync()
    {
        while (true)
        {
            var now = _now;
            yield return now.Snapshot;
            await now.Next.Task;
        }
    }

    /// <summary>A table, and the promise of the next one.</summary>
    private sealed record Following(MembershipTable Table, ClusterMembershipSnapshot Snapshot)
    {
        public TaskCompletionSource Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(LogLevel.Information, "Silo {Silo} is {Status}")]
    private partial void LogStatus(SiloAddress silo, SiloStatus status);

    [LoggerMessage(LogLevel.Warning, "Silo {Suspect} is suspected by {By}")]
    private partial void LogSuspected(SiloAddress suspect, SiloAddress by);

    [LoggerMessage(LogLevel.Error, "{Listener} failed when told that {Silo} is {Status}")]
    private partial void LogListenerFailed(Exception exception, Type listener, SiloAddress silo, SiloStatus status);
}
