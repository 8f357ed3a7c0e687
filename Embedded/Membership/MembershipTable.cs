using System.Collections.Immutable;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// All silos of the cluster at one version. Immutable; a change is a new table, made by the keeper and told to everybody, so that
/// every silo holds what a successor of the keeper needs.
/// </summary>
/// <remarks>
/// A version is (round, seat, number): rounds count the takeovers, the seat is that of the silo that took over, and the number
/// counts the tables of that term. Two silos that take over at once differ in their seats, so no version is ever made twice, any two
/// tables have an order, and everybody follows the highest. In one <see cref="long"/>, since listeners are promised that versions grow.
/// </remarks>
[GenerateSerializer, Immutable, Alias("sys.MembershipTable")]
internal sealed class MembershipTable
{
    private const int SeatBits = 20;
    private const int NumberBits = 28;
    private const int DeadRemembered = 64;

    [Id(0)] public required long Version { get; init; }

    /// <summary>The version at which the set of active silos last changed.</summary>
    [Id(1)] public required long RingVersion { get; init; }

    /// <summary>The silo that makes the next version.</summary>
    [Id(2)] public required SiloAddress Keeper { get; init; }

    /// <summary>In the order in which they joined.</summary>
    [Id(3)] public required MemberEntry[] Entries { get; init; }

    /// <summary>Round and seat.</summary>
    public long Term => Version >> NumberBits;

    public SiloAddress[] ActiveSilos => [.. Entries.Where(e => e.Status == SiloStatus.Active).Select(e => e.Silo)];

    /// <summary>
    /// Who may keep the table, in this order: active silos from the oldest, those that join if there are none, and those that leave when
    /// nobody else is there, or neither they nor newcomers would ever be entered.
    /// </summary>
    public IEnumerable<SiloAddress> Line => Entries.Where(e => e.Status != SiloStatus.Dead)
        .OrderBy(e => e.Status switch { SiloStatus.Active => 0, SiloStatus.Joining => 1, _ => 2 })
        .Select(e => e.Silo);

    public static MembershipTable Nobody(SiloAddress self) => new() { Version = 0, RingVersion = 0, Keeper = self, Entries = [] };

    public static MembershipTable Found(MemberEntry first) => new() { Version = 1, RingVersion = 1, Keeper = first.Silo, Entries = [first with { Seat = 0 }] };

    public MemberEntry? Find(SiloAddress silo) => Array.Find(Entries, e => e.Silo.Equals(silo));

    public SiloStatus StatusOf(SiloAddress silo) => Find(silo)?.Status ?? (IsDead(silo) ? SiloStatus.Dead : SiloStatus.None);

    /// <summary>It is in the cluster, in whatever state of life.</summary>
    public bool HasLiving(SiloAddress silo) => Find(silo) is { Status: not SiloStatus.Dead };

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

    /// <summary>
    /// Who lived in a former table and is dead in this one. Not all of them stand here: whoever was out of touch may have missed the
    /// table in which a silo died, and by now its successor at the address has its place.
    /// </summary>
    public IEnumerable<MemberEntry> DiedSince(MembershipTable before) => before.Entries
        .Where(e => e.Status != SiloStatus.Dead && Find(e.Silo) is null && IsDead(e.Silo)).Select(e => e with { Status = SiloStatus.Dead })
        .Concat(Entries.Where(e => e.Status == SiloStatus.Dead && before.StatusOf(e.Silo) != SiloStatus.Dead));

    /// <summary>The silo as it says it is; a new one enters last, and former lives at its address are dead from now on.</summary>
    /// <returns>This table when that is no news, or no step forward.</returns>
    public MembershipTable With(MemberEntry news) =>
        IsDead(news.Silo) ? this
        : Find(news.Silo) is { } known ? With(known, news.Status, left: news.Status == SiloStatus.Dead)
        : Next([
            .. Entries.Select(e => e.Silo.Endpoint.Equals(news.Silo.Endpoint) ? e with { Status = SiloStatus.Dead } : e),
            news with { Seat = Entries.Select(e => e.Seat + 1).DefaultIfEmpty(0).Max() & ((1 << SeatBits) - 1) },
        ]);

    public MembershipTable WithDead(SiloAddress silo) => Find(silo) is { } known ? With(known, SiloStatus.Dead, left: false) : this;

    /// <summary>The keeper goes; the next in line keeps the next table.</summary>
    public MembershipTable WithoutKeeper()
    {
        var without = With(Find(Keeper)!, SiloStatus.Dead, left: true);
        return new MembershipTable { Version = without.Version, RingVersion = without.RingVersion, Keeper = without.Line.FirstOrDefault() ?? Keeper, Entries = without.Entries };
    }

    /// <summary>Of all that were in this cluster nobody answers: it goes on with this silo alone.</summary>
    public MembershipTable FoundedAnew(MemberEntry first)
    {
        // Should somebody live after all, newcomers of both sides have seats of their own.
        var apart = first.Silo.Generation & 0x1FF;
        var entered = With(first);
        SiloAddress[] gone = [.. entered.Entries.Where(e => e.Status != SiloStatus.Dead && !e.Silo.Equals(first.Silo)).Select(e => e.Silo)];
        return new MembershipTable
        {
            Version = entered.Version,
            RingVersion = entered.RingVersion,
            Keeper = entered.Keeper,
            Entries = [.. entered.Entries.Select(e => e.Silo.Equals(first.Silo) ? e with { Seat = (e.Seat + apart) & ((1 << SeatBits) - 1) } : e)],
        }.TakenOver(first.Silo, gone);
    }

    /// <summary>The first table of a new term.</summary>
    public MembershipTable TakenOver(SiloAddress by, IReadOnlyCollection<SiloAddress> dead)
    {
        var round = (Version >> (SeatBits + NumberBits)) + 1;
        var version = ((round << SeatBits) | (uint)Find(by)!.Seat) << NumberBits;
        return new MembershipTable
        {
            Version = version,
            RingVersion = version,
            Keeper = by,
            Entries = [.. Entries.Select(e => dead.Contains(e.Silo) ? e with { Status = SiloStatus.Dead } : e)],
        };
    }

    public ClusterMembershipSnapshot ToSnapshot() => new(
        Entries.ToImmutableDictionary(e => e.Silo, e => new ClusterMember(e.Silo, e.Status, e.Name)),
        new MembershipVersion(Version));

    private MembershipTable With(MemberEntry known, SiloStatus status, bool left) => known.Status < status
        ? Next([.. Entries.Select(e => ReferenceEquals(e, known) ? e with { Status = status, Left = left } : e)])
        : this;

    private MembershipTable Next(MemberEntry[] entries)
    {
        var version = Version + 1;
        var changed = !entries.Where(e => e.Status == SiloStatus.Active).Select(e => e.Silo).SequenceEqual(ActiveSilos);
        return new MembershipTable { Version = version, RingVersion = changed ? version : RingVersion, Keeper = Keeper, Entries = Remembered(entries) };
    }

    /// <summary>Without the dead that everybody has heard of and nobody needs: the longest dead, and those with a later life here.</summary>
    private MemberEntry[] Remembered(MemberEntry[] entries)
    {
        var dead = entries.Where(e => e.Status == SiloStatus.Dead && StatusOf(e.Silo) == SiloStatus.Dead).ToArray();
        var forgotten = dead.Where((e, i) => i < dead.Length - DeadRemembered
            || entries.Any(later => later.Silo.Generation > e.Silo.Generation && later.Silo.Endpoint.Equals(e.Silo.Endpoint))).ToHashSet();
        return forgotten.Count == 0 ? entries : [.. entries.Where(e => !forgotten.Contains(e))];
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

    /// <summary>Given with its entry: no other silo of the table has the same.</summary>
    [Id(5)] public int Seat { get; init; }

    /// <summary>It is dead by its own will.</summary>
    [Id(6)] public bool Left { get; init; }

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
