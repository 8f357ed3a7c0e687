using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>Life of a silo. It only moves forward; a restarted silo is a new one.</summary>
[GenerateSerializer, Alias("Orleans.SiloStatus")]
public enum SiloStatus
{
    None,
    Created,
    Joining,
    Active,
    ShuttingDown,
    Stopping,
    Dead,
}

/// <summary>Questions about the cluster, answered by any silo.</summary>
[Alias("Orleans.Runtime.IManagementGrain")]
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <param name="onlyActive">Leaves out silos that join, stop or are dead.</param>
    [Alias("GetHosts")]
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);
}

/// <summary>Told of every change of a silo's status, after it was seen here.</summary>
public interface ISiloStatusListener
{
    void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status);
}

/// <summary>Statuses of silos as this silo knows them.</summary>
public interface ISiloStatusOracle
{
    SiloStatus CurrentStatus { get; }

    string SiloName { get; }

    SiloAddress SiloAddress { get; }

    SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress);

    Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false);

    ImmutableArray<SiloAddress> GetActiveSilos();

    bool IsDeadSilo(SiloAddress silo);

    bool SubscribeToSiloStatusEvents(ISiloStatusListener observer);

    bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer);
}

/// <summary>Grows with every change of the membership table.</summary>
public readonly record struct MembershipVersion(long Value) : IComparable<MembershipVersion>
{
    public int CompareTo(MembershipVersion other) => Value.CompareTo(other.Value);

    public static bool operator <(MembershipVersion left, MembershipVersion right) => left.Value < right.Value;

    public static bool operator >(MembershipVersion left, MembershipVersion right) => left.Value > right.Value;

    public static bool operator <=(MembershipVersion left, MembershipVersion right) => left.Value <= right.Value;

    public static bool operator >=(MembershipVersion left, MembershipVersion right) => left.Value >= right.Value;
}

/// <summary>One silo of the cluster.</summary>
public sealed class ClusterMember(SiloAddress siloAddress, SiloStatus status, string name)
{
    public SiloAddress SiloAddress { get; } = siloAddress;

    public SiloStatus Status { get; } = status;

    public string Name { get; } = name;

    public override string ToString() => $"{SiloAddress} {Status} {Name}";
}

/// <summary>The cluster at one version.</summary>
public sealed class ClusterMembershipSnapshot(ImmutableDictionary<SiloAddress, ClusterMember> members, MembershipVersion version)
{
    public ImmutableDictionary<SiloAddress, ClusterMember> Members { get; } = members;

    public MembershipVersion Version { get; } = version;

    /// <summary>A silo that was never seen has <see cref="SiloStatus.None"/>; one whose successor was seen is dead.</summary>
    public SiloStatus GetSiloStatus(SiloAddress silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        if (Members.TryGetValue(silo, out var member))
        {
            return member.Status;
        }

        return Members.Keys.Any(other => other.Endpoint.Equals(silo.Endpoint) && other.Generation > silo.Generation)
            ? SiloStatus.Dead
            : SiloStatus.None;
    }
}

/// <summary>The cluster's membership, now and as it changes.</summary>
public interface IClusterMembershipService
{
    ClusterMembershipSnapshot CurrentSnapshot { get; }

    /// <summary>The current snapshot and every later one; a slow reader may miss some, never the newest.</summary>
    IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates { get; }

    /// <summary>Waits until at least <paramref name="minimumVersion"/> is seen here; with none given, asks the table anew.</summary>
    ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default);
}
