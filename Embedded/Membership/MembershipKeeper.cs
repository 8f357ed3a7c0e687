using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// The decisions of whoever keeps the table: who may join, who is dead. Tables in, tables out; no messages, no clock of its own, so
/// that a successor can go on from the last table it was told. Votes are not part of it: suspicion is repeated while it lasts.
/// </summary>
internal sealed class MembershipKeeper(MembershipTable table, ClusterMembershipOptions options)
{
    private readonly Dictionary<SiloAddress, HashSet<SiloAddress>> _votes = [];

    public MembershipTable Table { get; private set; } = table;

    public MembershipTable Join(MemberEntry joining)
    {
        if (Table.IsDead(joining.Silo))
        {
            throw new OrleansException($"{joining.Silo} was declared dead and cannot come back. Restart it: it gets a later generation.");
        }

        return Table = Table.Join(joining with { Status = SiloStatus.Joining });
    }

    public MembershipTable SetStatus(SiloAddress silo, SiloStatus status)
    {
        if (Table.Find(silo) is null)
        {
            throw new OrleansException($"{silo} is not in the membership table: it never joined, or was cleaned away. Restart it.");
        }

        return Table = Table.With(silo, status);
    }

    /// <summary>The keeper itself goes; the oldest of the others goes on from this table.</summary>
    public MembershipTable Leave(SiloAddress self) => Table = Table.With(self, SiloStatus.Dead).KeptByOldest();

    /// <summary>Counts votes: enough of them, or all there can be, and the suspect is dead.</summary>
    public MembershipTable Suspect(SiloAddress suspect, SiloAddress by)
    {
        if (Table.StatusOf(by) is not (SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Joining) || Table.Find(suspect) is not { Status: not SiloStatus.Dead })
        {
            return Table;
        }

        if (!_votes.TryGetValue(suspect, out var votes))
        {
            _votes[suspect] = votes = [];
        }

        votes.Add(by);
        votes.RemoveWhere(voter => Table.StatusOf(voter) == SiloStatus.Dead);
        var voters = Table.Entries.Count(e => e.Status == SiloStatus.Active && !e.Silo.Equals(suspect));
        if (votes.Count >= Math.Min(options.NumVotesForDeathDeclaration, voters))
        {
            _votes.Remove(suspect);
            Table = Table.With(suspect, SiloStatus.Dead);
        }

        return Table;
    }
}
