using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>Silos that come, leave and die, in one process.</summary>
public sealed class MembershipTests
{
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

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_silo_that_stops_loses_no_call(bool tcp)
    {
        await using var cluster = await InProcessCluster.StartAsync(3, tcp ? new TcpNetwork() : null);
        var client = await cluster.AddClientAsync();
        using var enough = new CancellationTokenSource();
        var callers = cluster.Silos.Where(silo => silo != cluster.First).Select(silo => silo.GrainFactory).Append(client)
            .SelectMany(factory => Enumerable.Range(0, 4).Select(i => Task.Run(() => CallAsync(factory, i, enough.Token)))).ToArray();
        for (var round = 0; round < 2; round++)
        {
            var joined = await cluster.AddSiloAsync();
            await joined.StopAsync();
            cluster.Silos.Remove(joined);
        }

        // The keeper too.
        await cluster.First.StopAsync();
        cluster.Silos.RemoveAt(0);
        await enough.CancelAsync();
        Assert.All(await Task.WhenAll(callers), calls => Assert.True(calls > 0));
    }

    [Fact]
    public async Task A_silo_that_its_keeper_does_not_make_active_gives_up()
    {
        // Nobody probes, so nobody is found out.
        await using var cluster = await InProcessCluster.StartAsync(configure: b => b.Configure<ClusterMembershipOptions>(o => o.ProbeTimeout = TimeSpan.FromHours(1)));
        using var hang = new Hang(cluster.First.Address);
        ((ISiloStatusOracle)cluster.First.Membership).SubscribeToSiloStatusEvents(hang);
        var newcomer = cluster.NewSilo(b => b.Configure<ClusterMembershipOptions>(o => o.MaxJoinAttemptTime = TimeSpan.FromMilliseconds(1)));
        var error = await Assert.ThrowsAsync<OrleansException>(() => newcomer.StartAsync().WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains($"is Joining and did not become Active within 00:00:00.0010000: {cluster.First.Address}", error.Message, StringComparison.Ordinal);
        newcomer.Kill("the test is over");
    }

    /// <summary>The first turn of membership that tells of another silo does not end.</summary>
    private sealed class Hang(SiloAddress here) : ISiloStatusListener, IDisposable
    {
        private readonly ManualResetEventSlim _over = new();

        public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
        {
            if (!updatedSilo.Equals(here))
            {
                _over.Wait();
            }
        }

        public void Dispose() => _over.Set();
    }

    private static async Task<int> CallAsync(IGrainFactory factory, int caller, CancellationToken enough)
    {
        var calls = 0;
        while (!enough.IsCancellationRequested)
        {
            Assert.Equal(7, await factory.GetGrain<IEchoGrain>($"{caller}-{calls++ % 100}").AddAsync(3, 4));
        }

        return calls;
    }

    private static void Impatient(ISiloBuilder builder) => builder.Configure<ClusterMembershipOptions>(o => o.ProbeTimeout = TimeSpan.FromMilliseconds(200));

    private static async Task UntilAsync(IAsyncEnumerator<ClusterMembershipSnapshot> updates, EmbeddedSilo silo, SiloStatus status)
    {
        while (updates.Current is not { } now || now.GetSiloStatus(silo.Address) != status)
        {
            Assert.True(await updates.MoveNextAsync());
        }
    }
}
