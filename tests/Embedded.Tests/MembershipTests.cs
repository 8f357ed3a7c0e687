using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>The decisions about who belongs to the cluster, without a cluster.</summary>
public sealed class MembershipTests
{
    private static readonly SiloAddress One = SiloAddress.FromParsableString("127.0.0.1:1@1");
    private static readonly SiloAddress Two = SiloAddress.FromParsableString("127.0.0.1:2@1");
    private static readonly SiloAddress Three = SiloAddress.FromParsableString("127.0.0.1:3@1");

    [Fact]
    public void As_many_votes_as_asked_for_declare_a_silo_dead()
    {
        var keeper = KeeperOf(One, Two, Three);
        Assert.Equal(SiloStatus.Active, keeper.Suspect(Three, by: One).StatusOf(Three));
        Assert.Equal(SiloStatus.Active, keeper.Suspect(Three, by: One).StatusOf(Three));
        Assert.Equal(SiloStatus.Dead, keeper.Suspect(Three, by: Two).StatusOf(Three));
    }

    [Fact]
    public void Of_two_silos_one_vote_is_all_there_can_be() =>
        Assert.Equal(SiloStatus.Dead, KeeperOf(One, Two).Suspect(Two, by: One).StatusOf(Two));

    [Fact]
    public void The_dead_have_no_vote()
    {
        var keeper = KeeperOf(One, Two, Three);
        keeper.SetStatus(Two, SiloStatus.Dead);
        Assert.Equal(SiloStatus.Active, keeper.Suspect(Three, by: Two).StatusOf(Three));
    }

    [Fact]
    public void A_silo_that_comes_back_has_a_later_generation_and_its_former_life_is_dead()
    {
        var keeper = KeeperOf(One, Two);
        var again = SiloAddress.New(Two.Endpoint, Two.Generation + 1);
        var table = keeper.Join(Entry(again));
        Assert.Equal((SiloStatus.Dead, SiloStatus.Joining), (table.StatusOf(Two), table.StatusOf(again)));
        Assert.Throws<OrleansException>(() => keeper.Join(Entry(Two)));
    }

    [Fact]
    public void The_ring_changes_only_with_the_active_silos()
    {
        var keeper = KeeperOf(One);
        var before = keeper.Table.RingVersion;
        Assert.Equal(before, keeper.Join(Entry(Two)).RingVersion);
        var joined = keeper.SetStatus(Two, SiloStatus.Active);
        Assert.Equal(joined.Version, joined.RingVersion);
        Assert.True(keeper.SetStatus(Two, SiloStatus.ShuttingDown).RingVersion > joined.RingVersion);
    }

    [Fact]
    public async Task A_snapshot_and_its_updates_show_silos_come_and_go()
    {
        await using var cluster = await InProcessCluster.StartAsync();
        await using var updates = ((IClusterMembershipService)cluster.First.Membership).MembershipUpdates.GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        var second = await cluster.AddSiloAsync();
        await UntilAsync(updates, second, SiloStatus.Active);
        await second.StopAsync();
        await UntilAsync(updates, second, SiloStatus.Dead);
    }

    [Fact]
    public async Task A_silo_that_dies_without_a_word_is_voted_out_and_its_grains_live_again()
    {
        await using var cluster = await InProcessCluster.StartAsync(3, configure: Impatient);
        var grains = Enumerable.Range(0, 30).Select(i => cluster.First.GrainFactory.GetGrain<IEchoGrain>($"{i}")).ToArray();
        await Task.WhenAll(grains.Select(g => g.WhereAsync()));
        var dying = cluster.Silos[1];
        await using var updates = ((IClusterMembershipService)cluster.First.Membership).MembershipUpdates.GetAsyncEnumerator();
        dying.Kill("the test killed it");
        await UntilAsync(updates, dying, SiloStatus.Dead);
        var places = await Task.WhenAll(grains.Select(g => g.WhereAsync()));
        Assert.DoesNotContain(dying.Address.ToParsableString(), places);
    }

    [Fact]
    public async Task When_the_keeper_leaves_another_keeps_the_table()
    {
        await using var cluster = await InProcessCluster.StartAsync(3, configure: Impatient);
        await using var updates = ((IClusterMembershipService)cluster.Silos[2].Membership).MembershipUpdates.GetAsyncEnumerator();
        await cluster.First.StopAsync();
        await UntilAsync(updates, cluster.First, SiloStatus.Dead);
        Assert.Equal(cluster.Silos[1].Address, cluster.Silos[2].Membership.Table.Keeper);
        cluster.Silos[1].Kill("the test killed it");
        cluster.Silos.RemoveRange(0, 1);
    }

    private static void Impatient(ISiloBuilder builder) => builder.Configure<ClusterMembershipOptions>(o => o.ProbeTimeout = TimeSpan.FromMilliseconds(200));

    private static async Task UntilAsync(IAsyncEnumerator<ClusterMembershipSnapshot> updates, EmbeddedSilo silo, SiloStatus status)
    {
        while (updates.Current is not { } now || now.GetSiloStatus(silo.Address) != status)
        {
            Assert.True(await updates.MoveNextAsync());
        }
    }

    private static MembershipKeeper KeeperOf(params SiloAddress[] silos)
    {
        var keeper = new MembershipKeeper(MembershipTable.Found(Entry(silos[0])), new ClusterMembershipOptions());
        keeper.SetStatus(silos[0], SiloStatus.Active);
        foreach (var silo in silos[1..])
        {
            keeper.Join(Entry(silo));
            keeper.SetStatus(silo, SiloStatus.Active);
        }

        return keeper;
    }

    private static MemberEntry Entry(SiloAddress silo) => new() { Silo = silo, Status = SiloStatus.Joining, Name = "test", GatewayPort = 0, Grains = [] };
}
