using System.Net;
using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>The decisions about who belongs to the cluster, without a cluster.</summary>
public sealed class MembershipProtocolTests
{
    private static readonly SiloAddress One = SiloAddress.FromParsableString("127.0.0.1:1@1");
    private static readonly SiloAddress Two = SiloAddress.FromParsableString("127.0.0.1:2@1");
    private static readonly SiloAddress Three = SiloAddress.FromParsableString("127.0.0.1:3@1");
    private static readonly SiloAddress Four = SiloAddress.FromParsableString("127.0.0.1:4@1");

    [Fact]
    public void As_many_votes_as_asked_for_declare_a_silo_dead()
    {
        var keeper = KeeperOf(One, Two, Three, Four);
        Assert.Equal(SiloStatus.Active, Vote(keeper, by: Two, Three).StatusOf(Three));
        Assert.Equal(SiloStatus.Active, Vote(keeper, by: Two, Three).StatusOf(Three));
        Assert.Equal(SiloStatus.Dead, Vote(keeper, by: Four, Three).StatusOf(Three));
    }

    [Fact]
    public void A_vote_that_is_not_repeated_is_taken_back()
    {
        var keeper = KeeperOf(One, Two, Three, Four);
        Vote(keeper, by: Two, Three);
        keeper.Apply(new MembershipEvent.Voted(Four, [Three], Now: 100));
        Assert.Equal(SiloStatus.Active, keeper.Table.StatusOf(Three));
    }

    [Fact]
    public void Of_two_silos_one_vote_is_all_there_can_be()
    {
        var keeper = KeeperOf(One, Two);
        Miss(keeper, Two, 3);
        Assert.Equal(SiloStatus.Dead, keeper.Table.StatusOf(Two));
    }

    [Fact]
    public void The_only_one_left_of_three_needs_no_vote_of_the_dead()
    {
        var keeper = KeeperOf(One, Two, Three);
        for (var i = 0; i < 3; i++)
        {
            keeper.Apply(new MembershipEvent.Probed(Two, ProbeOutcome.Refused, 0));
            keeper.Apply(new MembershipEvent.Probed(Three, ProbeOutcome.Refused, 0));
        }

        Assert.Equal([One], keeper.Table.ActiveSilos);
    }

    [Fact]
    public void Who_hears_nobody_gives_the_others_twice_the_time()
    {
        var keeper = KeeperOf(One, Two, Three, Four);
        for (var i = 0; i < 5; i++)
        {
            foreach (var other in new[] { Two, Three, Four })
            {
                keeper.Apply(new MembershipEvent.Probed(other, ProbeOutcome.Silent, i));
            }
        }

        Assert.Equal(4, keeper.Table.ActiveSilos.Length);
        foreach (var other in new[] { Two, Three, Four })
        {
            keeper.Apply(new MembershipEvent.Probed(other, ProbeOutcome.Silent, 5));
        }

        Assert.Equal([One], keeper.Table.ActiveSilos);
    }

    [Fact]
    public void The_dead_have_no_vote()
    {
        var keeper = KeeperOf(One, Two, Three, Four);
        keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.Dead)));
        Vote(keeper, by: Two, Three);
        Assert.Equal(SiloStatus.Active, Vote(keeper, by: Four, Three).StatusOf(Three));
    }

    [Fact]
    public void The_oldest_survivor_takes_over_from_a_dead_keeper_under_a_higher_term()
    {
        var before = KeeperOf(One, Two, Three).Table;
        var second = Follower(Two, before);
        var third = Follower(Three, before);
        Assert.Equal([Two], Votes(Miss(third, One, 3)).Select(v => v.To));
        Miss(second, One, 3);
        var commands = second.Apply(new MembershipEvent.Voted(Three, [One], 0));
        Assert.Equal((Two, SiloStatus.Dead), (second.Table.Keeper, second.Table.StatusOf(One)));
        Assert.True(second.Table.Term > before.Term);
        Assert.Equal([One, Three], commands.OfType<MembershipCommand.Tell>().Select(t => t.To).Order());
    }

    [Fact]
    public void Votes_pass_over_an_heir_that_is_suspected_too()
    {
        var before = KeeperOf(One, Two, Three, Four).Table;
        var fourth = Follower(Four, before);
        Assert.Equal(Three, Votes(Refuse(fourth, One, Two)).Last().To);
    }

    [Fact]
    public void An_old_keeper_that_wakes_up_stops_and_tells_those_it_had()
    {
        var old = KeeperOf(One, Two, Three);
        var second = Follower(Two, old.Table);
        Miss(second, One, 3);
        second.Apply(new MembershipEvent.Voted(Three, [One], 0));
        Miss(old, Two, 3);
        old.Apply(new MembershipEvent.Voted(Three, [Two], 0));
        Assert.Equal(SiloStatus.Dead, old.Table.StatusOf(Two));

        Assert.Contains(second.Apply(new MembershipEvent.Heard(old.Table, One)), c => c is MembershipCommand.Tell { To: var to } && to.Equals(One));
        Assert.Contains(old.Apply(new MembershipEvent.Heard(second.Table, Two)), c => c is MembershipCommand.Stop);
        Assert.False(second.IsStopped);
        Assert.Empty(old.Apply(new MembershipEvent.Announced(Entry(Four, SiloStatus.Joining))));
    }

    [Fact]
    public void Two_that_take_over_at_once_make_different_versions_and_one_order()
    {
        var before = KeeperOf(One, Two, Three).Table;
        var second = Follower(Two, before);
        var third = Follower(Three, before);
        Refuse(second, One, Three);
        Refuse(third, One, Two);
        Assert.NotEqual(second.Table.Version, third.Table.Version);
        second.Apply(new MembershipEvent.Heard(third.Table, Three));
        third.Apply(new MembershipEvent.Heard(second.Table, Two));
        Assert.Equal((true, false), (second.IsStopped, third.IsStopped));
    }

    [Fact]
    public void A_newcomer_whom_the_new_keeper_has_not_heard_of_announces_itself_again()
    {
        var keeper = KeeperOf(One, Two);
        var second = Follower(Two, keeper.Table);
        keeper.Apply(new MembershipEvent.Announced(Entry(Three, SiloStatus.Active)));
        var third = Follower(Three, keeper.Table);
        Refuse(second, One);
        var announced = Assert.Single(third.Apply(new MembershipEvent.Heard(second.Table)).OfType<MembershipCommand.Announce>());
        second.Apply(new MembershipEvent.Announced(announced.Self));
        Assert.Equal((Two, SiloStatus.Active), (announced.To, second.Table.StatusOf(Three)));
    }

    [Fact]
    public void A_silo_that_comes_back_has_a_later_generation_and_its_former_life_is_dead()
    {
        var keeper = KeeperOf(One, Two);
        var again = SiloAddress.New(Two.Endpoint, Two.Generation + 1);
        keeper.Apply(new MembershipEvent.Announced(Entry(again, SiloStatus.Joining)));
        Assert.Equal((SiloStatus.Dead, SiloStatus.Joining), (keeper.Table.StatusOf(Two), keeper.Table.StatusOf(again)));
        Assert.Empty(keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.Joining))));
    }

    [Fact]
    public void An_announcement_that_comes_twice_or_late_changes_nothing()
    {
        var keeper = KeeperOf(One, Two);
        Assert.Empty(keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.Active))));
        Assert.Empty(keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.Joining))));
    }

    [Fact]
    public void The_ring_changes_only_with_the_active_silos()
    {
        var keeper = KeeperOf(One);
        var before = keeper.Table.RingVersion;
        keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.Joining)));
        Assert.Equal(before, keeper.Table.RingVersion);
        keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.Active)));
        Assert.Equal(keeper.Table.Version, keeper.Table.RingVersion);
        var joined = keeper.Table.RingVersion;
        keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.ShuttingDown)));
        Assert.True(keeper.Table.RingVersion > joined);
    }

    [Fact]
    public void The_last_of_those_that_leave_keeps_the_table_and_lets_newcomers_in()
    {
        var keeper = KeeperOf(One, Two);
        keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.ShuttingDown)));
        var second = Follower(Two, keeper.Table);
        second.Apply(new MembershipEvent.Wanted(SiloStatus.ShuttingDown));
        keeper.Apply(new MembershipEvent.Wanted(SiloStatus.Dead));
        Assert.Equal(Two, keeper.Table.Keeper);
        second.Apply(new MembershipEvent.Heard(keeper.Table));
        second.Apply(new MembershipEvent.Announced(Entry(Three, SiloStatus.Joining)));
        Assert.Equal(SiloStatus.Joining, second.Table.StatusOf(Three));
        second.Apply(new MembershipEvent.Wanted(SiloStatus.Dead));
        Assert.Equal((Three, SiloStatus.Dead), (second.Table.Keeper, second.Table.StatusOf(Two)));
    }

    [Fact]
    public void One_that_leaves_takes_over_from_a_keeper_that_died_when_nobody_else_is_there()
    {
        var keeper = KeeperOf(One, Two);
        keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.ShuttingDown)));
        var second = Follower(Two, keeper.Table);
        Refuse(second, One);
        Assert.Equal((Two, SiloStatus.Dead), (second.Table.Keeper, second.Table.StatusOf(One)));
    }

    [Fact]
    public void A_silo_that_finds_a_cluster_whose_members_are_all_gone_goes_on_with_it_alone()
    {
        var before = KeeperOf(One, Two).Table;
        var newcomer = new MembershipProtocol(Entry(Three, SiloStatus.Joining), new ClusterMembershipOptions(), voteLife: 4);
        newcomer.Apply(new MembershipEvent.Heard(before));
        newcomer.Apply(new MembershipEvent.Founded());
        Assert.Equal((Three, SiloStatus.Joining), (newcomer.Table.Keeper, newcomer.Table.StatusOf(Three)));
        Assert.Equal((SiloStatus.Dead, SiloStatus.Dead), (newcomer.Table.StatusOf(One), newcomer.Table.StatusOf(Two)));
        Assert.True(newcomer.Table.Term > before.Term);

        // Should one of them live after all, it stops.
        Assert.Contains(Follower(One, before).Apply(new MembershipEvent.Heard(newcomer.Table)), c => c is MembershipCommand.Stop);
    }

    [Fact]
    public void Who_missed_the_table_of_a_death_hears_of_it_though_the_dead_has_a_successor()
    {
        var keeper = KeeperOf(One, Two);
        var before = keeper.Table;
        keeper.Apply(new MembershipEvent.Announced(Entry(SiloAddress.New(Two.Endpoint, Two.Generation + 1), SiloStatus.Joining)));
        Assert.Equal([Two], keeper.Table.DiedSince(before).Select(e => e.Silo));
        keeper.Apply(new MembershipEvent.Announced(Entry(SiloAddress.New(Two.Endpoint, Two.Generation + 1), SiloStatus.Active)));
        Assert.Null(keeper.Table.Find(Two));
        Assert.Equal([(Two, SiloStatus.Dead)], keeper.Table.DiedSince(before).Select(e => (e.Silo, e.Status)));
    }

    [Fact]
    public void The_dead_are_knocked_at_but_not_those_that_left()
    {
        var keeper = KeeperOf(One, Two, Three);
        keeper.Apply(new MembershipEvent.Announced(Entry(Two, SiloStatus.Dead)));
        Refuse(keeper, Three);
        var knocks = Enumerable.Range(0, 5).SelectMany(_ => keeper.Apply(new MembershipEvent.Ticked())).OfType<MembershipCommand.Knock>();
        Assert.Equal([Three.Endpoint], knocks.Select(k => k.Door));
    }

    [Fact]
    public void Only_a_keeper_knocks_at_seeds_and_at_each_where_no_member_is_once()
    {
        var keeper = KeeperOf(One, Two, Three);
        keeper.Apply(new MembershipEvent.Announced(Entry(Four, SiloStatus.Joining) with { GatewayPort = 44 }));
        Refuse(keeper, Three);
        Vote(keeper, by: Two, Three);
        var second = Follower(Two, keeper.Table);
        IPEndPoint[] seeds = [Two.Endpoint, Three.Endpoint, new IPEndPoint(IPAddress.Loopback, 44), new IPEndPoint(IPAddress.Loopback, 55)];
        keeper.Seeds = second.Seeds = seeds;
        Assert.Equal([Three.Endpoint, seeds[3]], Knocks(keeper).Select(k => k.Door));
        Assert.Empty(Knocks(second));

        static IEnumerable<MembershipCommand.Knock> Knocks(MembershipProtocol silo) =>
            Enumerable.Range(0, 5).SelectMany(_ => silo.Apply(new MembershipEvent.Ticked())).OfType<MembershipCommand.Knock>();
    }

    private static MembershipTable Vote(MembershipProtocol keeper, SiloAddress by, SiloAddress suspect)
    {
        keeper.Apply(new MembershipEvent.Voted(by, [suspect], 0));
        return keeper.Table;
    }

    private static List<MembershipCommand> Miss(MembershipProtocol protocol, SiloAddress target, int times) =>
        [.. Enumerable.Range(0, times).SelectMany(_ => protocol.Apply(new MembershipEvent.Probed(target, ProbeOutcome.Silent, 0)))];

    private static List<MembershipCommand> Refuse(MembershipProtocol protocol, params SiloAddress[] targets) =>
        [.. Enumerable.Repeat(targets, 3).SelectMany(t => t).SelectMany(target => protocol.Apply(new MembershipEvent.Probed(target, ProbeOutcome.Refused, 0)))];

    private static IEnumerable<MembershipCommand.Vote> Votes(IEnumerable<MembershipCommand> commands) => commands.OfType<MembershipCommand.Vote>();

    private static MembershipProtocol Follower(SiloAddress self, MembershipTable table)
    {
        var protocol = new MembershipProtocol(Entry(self, SiloStatus.Active), new ClusterMembershipOptions(), voteLife: 4);
        protocol.Apply(new MembershipEvent.Heard(table));
        return protocol;
    }

    private static MembershipProtocol KeeperOf(params SiloAddress[] silos)
    {
        var keeper = new MembershipProtocol(Entry(silos[0], SiloStatus.Active), new ClusterMembershipOptions(), voteLife: 4);
        keeper.Apply(new MembershipEvent.Founded());
        foreach (var silo in silos[1..])
        {
            keeper.Apply(new MembershipEvent.Announced(Entry(silo, SiloStatus.Joining)));
            keeper.Apply(new MembershipEvent.Announced(Entry(silo, SiloStatus.Active)));
        }

        return keeper;
    }

    private static MemberEntry Entry(SiloAddress silo, SiloStatus status) => new() { Silo = silo, Status = status, Name = "test", GatewayPort = 0, Grains = [] };
}
