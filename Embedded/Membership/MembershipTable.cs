using System.Collections.Immutable;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// All silos of the cluster at one version. Immutable; a change is a new table, made by the keeper (today the primary silo) and
/// told to everybody, so that every silo holds what a successor of the keeper would need.
/// </summary>
[GenerateSerializer, Immutable, Alias("sys.MembershipTable")]
internal sealed class MembershipTable
{
    [Id(0)] public required long Version { get; init; }

    /// <summary>The version at which the set of active silos last changed.</summary>
    [Id(1)] public required long RingVersion { get; init; }

    /// <summary>The silo that makes the next version.</summary>
    [Id(2)] public required SiloAddress Keeper { get; init; }

    /// <summary>In the order in which they joined.</summary>
    [Id(3)] public required MemberEntry[] Entries { get; init; }

    public SiloAddress[] ActiveSilos => [.. Entries.Where(e => e.Status == SiloStatus.Active).Select(e => e.Silo)];

    public MemberEntry? Find(SiloAddress silo) => Array.Find(Entries, e => e.Silo.Equals(silo));

    public SiloStatus StatusOf(SiloAddress silo) => Find(silo)?.Status ?? (IsDead(silo) ? SiloStatus.Dead : SiloStatus.None);

    /// <summary>Declared dead, or succeeded by a later life at the same address.</summary>
    public bool IsDead(SiloAddress silo)
    {
        foreach (var entry in Entries)
        {
            if (entry.Silo.Equals(silo))
            {
                return entry.Status == SiloStatus.Dead;
            }

            if (entry.Silo.Generation > silo.Generation && entry.Silo.Endpoint.Equals(silo.Endpoint))
            {
                return true;
            }
        }

        return false;
    }

    public static MembershipTable Found(MemberEntry first) => new() { Version = 1, RingVersion = 1, Keeper = first.Silo, Entries = [first] };

    /// <summary>The silo as it enters; former lives at its address are dead from now on.</summary>
    public MembershipTable Join(MemberEntry joining)
    {
        var others = Entries
            .Where(e => !e.Silo.Equals(joining.Silo))
            .Select(e => e.Silo.Endpoint.Equals(joining.Silo.Endpoint) ? e with { Status = SiloStatus.Dead } : e);
        return Next([.. others, joining]);
    }

    /// <returns>This table when the status is no step forward.</returns>
    public MembershipTable With(SiloAddress silo, SiloStatus status) =>
        Find(silo) is { } entry && entry.Status < status
            ? Next([.. Entries.Select(e => e.Silo.Equals(silo) ? e with { Status = status } : e)])
            : this;

    /// <summary>Under the active silo that joined first.</summary>
    public MembershipTable KeptByOldest() => ActiveSilos is [var oldest, ..]
        ? new MembershipTable { Version = Version + 1, RingVersion = RingVersion, Keeper = oldest, Entries = Entries }
        : this;

    public ClusterMembershipSnapshot ToSnapshot() => new(
        Entries.ToImmutableDictionary(e => e.Silo, e => new ClusterMember(e.Silo, e.Status, e.Name)),
        new MembershipVersion(Version));

    private MembershipTable Next(MemberEntry[] entries)
    {
        var next = new MembershipTable { Version = Version + 1, RingVersion = RingVersion, Keeper = Keeper, Entries = entries };
        return next.ActiveSilos.SequenceEqual(ActiveSilos)
            ? next
            : new MembershipTable { Version = next.Version, RingVersion = next.Version, Keeper = Keeper, Entries = entries };
    }
}

/// <summary>One silo: where it is, how it is, what it hosts.</summary>
[GenerateSerializer, Immutable, Alias("sys.MemberEntry")]
internal sealed record MemberEntry
{
    [Id(0)] public required SiloAddress Silo { get; init; }

    [Id(1)] public required SiloStatus Status { get; init; }

    [Id(2)] public required string Name { get; init; }

    /// <summary>Where clients connect; 0: nowhere.</summary>
    [Id(3)] public required int GatewayPort { get; init; }

    [Id(4)] public required HostedGrain[] Grains { get; init; }

    /// <summary>It may have activations.</summary>
    public bool Hosts => Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;
}

/// <summary>A grain class as other nodes know it.</summary>
[GenerateSerializer, Immutable, Alias("sys.HostedGrain")]
internal sealed record HostedGrain
{
    [Id(0)] public required string Type { get; init; }

    [Id(1)] public required string ClassName { get; init; }

    /// <summary>Wire names of its interfaces.</summary>
    [Id(2)] public required string[] Interfaces { get; init; }

    [Id(3)] public required string[] StreamNamespaces { get; init; }
}
