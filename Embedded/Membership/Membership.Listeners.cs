using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>What others on this silo ask of the view, and are told when it changes.</summary>
internal sealed partial class Membership
{
    private ImmutableHashSet<ISiloStatusListener> _listeners = [];

    public ClusterMembershipSnapshot CurrentSnapshot => _now.Snapshot;

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => UpdatesAsync();

    public SiloStatus CurrentStatus => Table.StatusOf(_silo.Address);

    public async ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        while (minimumVersion == default || Table.Version < minimumVersion.Value)
        {
            if (!Table.Keeper.Equals(_silo.Address))
            {
                Heard(await Target(Table.Keeper).ReadAsync().WaitAsync(cancellationToken));
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

    private void Tell(MembershipTable before, MembershipTable table)
    {
        _silo.Follow(before, table);
        foreach (var entry in table.DiedSince(before).Where(e => table.Find(e.Silo) is null).Concat(table.Entries))
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

    [LoggerMessage(LogLevel.Error, "{Listener} failed when told that {Silo} is {Status}")]
    private partial void LogListenerFailed(Exception exception, Type listener, SiloAddress silo, SiloStatus status);
}
