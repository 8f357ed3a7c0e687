using System.Net;
using Orleans.Configuration;
using Orleans.Runtime;
using static Orleans.Embedded.MembershipCommand;
using static Orleans.Embedded.MembershipEvent;

namespace Orleans.Embedded;

/// <summary>
/// Membership as one silo plays it: events in, commands out. No clock, no messages, no locks.
/// </summary>
/// <remarks>
/// One silo keeps the table: it alone makes the next one, and everybody holds the last. Silos probe each other and vote against those
/// that stay silent. Votes go to whoever is next in line: the keeper, then the active silos from the oldest, without those the voter
/// itself suspects. Who collects enough of them declares the suspects dead; if the keeper is among them it takes the table over,
/// under a higher term.
///
/// Nobody asks for a majority, since the last of two silos must go on. So a cluster that is cut in two goes on as two, until they
/// hear of each other: then the higher table holds for all (<see cref="MembershipTable.Version"/> orders any two), and whom it calls
/// dead stops. The keeper of the highest table never hears of a higher one, hence at least one silo survives. Keepers knock where
/// the dead were, so that both halves do hear of each other when they can; and at their seeds, where another cluster may have begun
/// while this one could not be reached.
///
/// A silo's own entry is restored by itself: whenever the table knows less of it than is so, and does not call it dead, it announces
/// itself again. So a keeper that dies before it told anybody of a newcomer costs the newcomer nothing.
/// </remarks>
internal sealed class MembershipProtocol(MemberEntry self, ClusterMembershipOptions options, long voteLife)
{
    private const int KnocksAtMost = 8;
    private const int TicksPerKnock = 5;

    private readonly Dictionary<SiloAddress, (SiloAddress[] Suspects, long At)> _votes = [];
    private readonly Dictionary<SiloAddress, (int Silent, int Refused)> _missed = [];
    private readonly List<MembershipCommand> _commands = [];
    private MemberEntry _self = self;
    private int _ticks;

    public MembershipTable Table { get; private set; } = MembershipTable.Nobody(self.Silo);

    /// <summary>It was declared dead: nothing it says counts any more.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Where others of the cluster may be that this one has not heard of: silos or gateways.</summary>
    public IReadOnlyList<IPEndPoint> Seeds { get; set; } = [];

    private bool Keeps => Table.Entries.Length > 0 && Table.Keeper.Equals(_self.Silo);

    public IReadOnlyList<MembershipCommand> Apply(MembershipEvent happened)
    {
        if (!IsStopped)
        {
            switch (happened)
            {
                case Founded:
                    Become(Table.Entries.Length == 0 ? MembershipTable.Found(_self) : Table.FoundedAnew(_self));
                    break;
                case Wanted(var status):
                    _self = _self with { Status = status };
                    Insist();
                    break;
                case Announced(var silo):
                    if (Keeps)
                    {
                        Become(Table.With(silo));
                    }

                    break;
                case Heard(var table, var from):
                    Hear(table, from);
                    break;
                case Probed(var target, var outcome, var now):
                    Count(target, outcome, now);
                    break;
                case Voted(var by, var suspects, var now):
                    _votes[by] = (suspects, now);
                    Decide(now);
                    break;
                case Ticked:
                    Insist();
                    Knock();
                    break;
            }
        }

        var commands = _commands.ToArray();
        _commands.Clear();
        return commands;
    }

    /// <summary>A table made here: it is ours, and everybody's.</summary>
    private void Become(MembershipTable table)
    {
        if (table.Version <= Table.Version)
        {
            return;
        }

        var before = Table;
        Adopt(table);

        // The newest dead hear it as well: one that was only slow must stop.
        foreach (var entry in table.Entries)
        {
            if (!entry.Silo.Equals(_self.Silo) && (entry.Status != SiloStatus.Dead || before.HasLiving(entry.Silo)))
            {
                _commands.Add(new Tell(entry.Silo, table));
            }
        }
    }

    private void Hear(MembershipTable table, SiloAddress? from)
    {
        if (table.Version < Table.Version && from is not null)
        {
            _commands.Add(new Tell(from, Table));
        }

        if (table.Version <= Table.Version)
        {
            return;
        }

        var before = Table;
        Adopt(table);
        if (before.Term != table.Term)
        {
            // Those who followed the lower term with us may hear of the higher one from nobody else.
            foreach (var entry in before.Entries.Where(e => e.Status != SiloStatus.Dead && !e.Silo.Equals(_self.Silo) && !table.HasLiving(e.Silo)))
            {
                _commands.Add(new Tell(entry.Silo, table));
            }
        }

        if (table.IsDead(_self.Silo) && _self.Status != SiloStatus.Dead)
        {
            IsStopped = true;
            _commands.Add(new Stop(table.Keeper));
        }
        else
        {
            Insist();
        }
    }

    private void Adopt(MembershipTable table)
    {
        _commands.Add(new Follow(Table, table));
        Table = table;
        foreach (var gone in _missed.Keys.Concat(_votes.Keys).Where(silo => !table.HasLiving(silo)).ToArray())
        {
            _missed.Remove(gone);
            _votes.Remove(gone);
        }
    }

    /// <summary>The table has to know how this silo is.</summary>
    private void Insist()
    {
        if (Table.IsDead(Table.Keeper) && _self.Silo.Equals(NextInLine([])))
        {
            // The last keeper left when there was nobody to go on.
            Become(Table.TakenOver(_self.Silo, []));
        }

        if (Table.Entries.Length == 0 || Table.StatusOf(_self.Silo) >= _self.Status)
        {
            return;
        }

        if (!Keeps)
        {
            _commands.Add(new Announce(Table.Keeper, _self));
        }
        else
        {
            Become(_self.Status == SiloStatus.Dead ? Table.WithoutKeeper() : Table.With(_self));
        }
    }

    private void Count(SiloAddress target, ProbeOutcome outcome, long now)
    {
        if (outcome == ProbeOutcome.Answered || !Table.HasLiving(target))
        {
            _missed.Remove(target);
            return;
        }

        var (silent, refused) = _missed.GetValueOrDefault(target);
        _missed[target] = outcome == ProbeOutcome.Refused ? (silent + 1, refused + 1) : (silent + 1, 0);
        var suspects = Suspects();
        _votes[_self.Silo] = (suspects, now);
        if (!suspects.Contains(target))
        {
            return;
        }

        Decide(now);
        if (!IsStopped && Table.HasLiving(target) && NextInLine(suspects) is { } next && !next.Equals(_self.Silo))
        {
            _commands.Add(new Vote(next, suspects));
        }
    }

    /// <summary>
    /// Whom this silo holds for dead. Silence of most others at once may well be a fault of its own ways: it gives them twice the time,
    /// so that they come first if they are well.
    /// </summary>
    private SiloAddress[] Suspects()
    {
        var limit = options.NumMissedProbesLimit;
        var silent = _missed.Count(m => m.Value.Silent >= limit && m.Value.Refused < limit);
        var others = Table.Entries.Count(e => e.Status != SiloStatus.Dead && !e.Silo.Equals(_self.Silo));
        var patience = silent >= 2 && silent * 2 > others ? limit * 2 : limit;
        return [.. _missed.Where(m => m.Value.Refused >= limit || m.Value.Silent >= patience).Select(m => m.Key).Order()];
    }

    /// <summary>The keeper, or who would take over from it, without these.</summary>
    private SiloAddress? NextInLine(IReadOnlyCollection<SiloAddress> without) =>
        Table.Line.Prepend(Table.Keeper).FirstOrDefault(silo => Table.HasLiving(silo) && !without.Contains(silo));

    /// <summary>Enough votes, or all there can be, and a suspect is dead; if this silo is the one to say so.</summary>
    private void Decide(long now)
    {
        var mine = Suspects();
        var voters = Table.ActiveSilos.Except(mine).ToArray();
        var votes = _votes.Where(v => Table.HasLiving(v.Key) && now - v.Value.At <= voteLife).SelectMany(v => v.Value.Suspects.Distinct())
            .GroupBy(suspect => suspect).ToDictionary(g => g.Key, g => g.Count());
        SiloAddress[] condemned = [.. votes
            .Where(v => v.Value >= Math.Min(options.NumVotesForDeathDeclaration, voters.Count(voter => !voter.Equals(v.Key))))
            .Select(v => v.Key).Where(suspect => Table.HasLiving(suspect) && !suspect.Equals(_self.Silo)).Order()];
        if (condemned.Length == 0 || !_self.Silo.Equals(NextInLine([.. condemned, .. mine])))
        {
            return;
        }

        if (Keeps)
        {
            // One table for all of them.
            var next = Table;
            foreach (var suspect in condemned)
            {
                next = next.WithDead(suspect);
            }

            Become(next);
        }
        else if (condemned.Contains(Table.Keeper))
        {
            Become(Table.TakenOver(_self.Silo, condemned));
        }
    }

    private void Knock()
    {
        if (!Keeps || ++_ticks % TicksPerKnock != 0)
        {
            return;
        }

        var dead = Table.Entries.Where(e => e.Status == SiloStatus.Dead && !e.Left).TakeLast(KnocksAtMost).Select(e => e.Silo.Endpoint);
        foreach (var door in dead.Concat(Seeds.Where(seed => !IsOfMember(seed))).Distinct())
        {
            _commands.Add(new Knock(door, Table));
        }
    }

    private bool IsOfMember(IPEndPoint seed) => Array.Exists(
        Table.Entries,
        e => e.Status != SiloStatus.Dead && e.Silo.Endpoint.Address.Equals(seed.Address) && (e.Silo.Endpoint.Port == seed.Port || e.GatewayPort == seed.Port));
}
