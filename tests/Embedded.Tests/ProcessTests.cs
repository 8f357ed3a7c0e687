using System.Net;
using System.Threading.Channels;
using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>Silos and clients in processes of their own, over TCP, and one of them killed.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Calls_reach_silos_in_other_processes()
    {
        await using var primary = await SiloProcess.StartAsync();
        await using var second = await SiloProcess.StartAsync(primary.SiloPort);
        await using var client = await ConnectAsync(primary.GatewayPort);
        var hosts = await client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        Assert.Equal(
            new[] { primary.SiloPort, second.SiloPort }.Order(),
            hosts.Keys.Select(silo => silo.Endpoint.Port).Order());
        var places = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            places.Add(await client.GetGrain<IEchoGrain>($"spread-{i}").WhereAsync());
        }

        Assert.Equal(2, places.Count);
        Assert.Equal(4 << 20, await client.GetGrain<IEchoGrain>("bulk").LengthAsync(new byte[4 << 20]));
    }

    [Fact]
    public async Task A_silo_that_leaves_is_dead_at_once_and_its_process_ends()
    {
        await using var primary = await PrimaryHereAsync();
        var events = Listen(primary);
        await using var second = await SiloProcess.StartAsync(primary.Address.Endpoint.Port);
        await UntilAsync(events, second, SiloStatus.Active);
        Assert.Equal(0, await second.StopAsync());
        await UntilAsync(events, second, SiloStatus.Dead);
    }

    [Fact]
    public async Task A_killed_silo_is_noticed_and_its_grains_live_again_elsewhere()
    {
        await using var primary = await PrimaryHereAsync();
        var events = Listen(primary);
        await using var second = await SiloProcess.StartAsync(primary.Address.Endpoint.Port);
        await UntilAsync(events, second, SiloStatus.Active);
        var there = await GrainOnAsync(primary.GrainFactory, second.SiloPort);
        second.Kill();
        await UntilAsync(events, second, SiloStatus.Dead);
        Assert.Equal(primary.Address.ToParsableString(), await there.WhereAsync());
    }

    [Fact]
    public async Task A_call_to_a_killed_silo_fails_when_its_death_is_known()
    {
        await using var primary = await PrimaryHereAsync();
        await using var second = await SiloProcess.StartAsync(primary.Address.Endpoint.Port);
        var there = await GrainOnAsync(primary.GrainFactory, second.SiloPort);
        var waiting = there.WaitAsync(CancellationToken.None);
        await primary.GrainFactory.GetGrain<IManagementGrain>(0).GetHosts();
        second.Kill();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => waiting);
    }

    [Fact]
    public async Task A_killed_primary_is_survived_and_newcomers_join_the_survivors()
    {
        await using var primary = await SiloProcess.StartAsync();
        await using var survivor = await SiloHereAsync(primary.Endpoint);
        var events = Listen(survivor);
        var there = await GrainOnAsync(survivor.GrainFactory, primary.SiloPort);
        primary.Kill();
        await UntilAsync(events, primary, SiloStatus.Dead);
        Assert.Equal(survivor.Address, survivor.Membership.Table.Keeper);
        Assert.Equal(survivor.Address.ToParsableString(), await there.WhereAsync());

        // By way of the survivor, and by way of the dead primary's place with the survivor as another seed.
        await using var third = await SiloProcess.StartAsync(survivor.Address.Endpoint.Port);
        await UntilAsync(events, third, SiloStatus.Active);
        await using var fourth = await SiloHereAsync(primary.Endpoint, survivor.GatewayAddress.Endpoint);
        Assert.Equal(3, fourth.Membership.Table.ActiveSilos.Length);

        // The first one's place started anew: it would begin a cluster if the seeds did not answer.
        await using var again = await SiloHereAsync(null, primary.Endpoint, survivor.Address.Endpoint);
        Assert.Equal(4, again.Membership.Table.ActiveSilos.Length);
    }

    [Fact]
    public async Task A_stopped_process_that_wakes_up_learns_that_it_is_dead_and_ends()
    {
        await using var primary = await SiloProcess.StartAsync();
        await using var survivor = await SiloHereAsync(primary.Endpoint);
        var events = Listen(survivor);
        primary.Pause();
        await UntilAsync(events, primary, SiloStatus.Dead);
        Assert.Equal(survivor.Address, survivor.Membership.Table.Keeper);
        primary.Continue();
        Assert.Equal(1, await primary.EndAsync());
        Assert.False(survivor.IsStopped);
    }

    [Fact]
    public async Task Observers_are_called_by_way_of_another_gateway_when_theirs_dies()
    {
        await using var survivor = await SiloHereAsync(null);
        await using var second = await SiloProcess.StartAsync(survivor.Address.Endpoint.Port);
        var events = Listen(survivor);
        await using var client = await ConnectAsync(second.GatewayPort);
        var reader = new Reader();
        INewsGrain grain;
        var number = 0;
        do
        {
            grain = client.GetGrain<INewsGrain>($"news-{number++}");
            await grain.SubscribeAsync(client.CreateObjectReference<INewsObserver>(reader));
            await grain.TellAsync(1);
        }
        while (survivor.Find(grain.GetGrainId()) is null);
        second.Kill();
        await UntilAsync(events, second, SiloStatus.Dead);
        await survivor.GrainFactory.GetGrain<INewsGrain>(grain.GetPrimaryKeyString()).TellAsync(1);
        Assert.Equal(number + 1, reader.Heard);
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task A_client_goes_on_with_another_gateway()
    {
        await using var primary = await SiloProcess.StartAsync();
        await using var second = await SiloProcess.StartAsync(primary.SiloPort);
        await using var client = await ConnectAsync(second.GatewayPort);
        await GrainOnAsync(client, second.SiloPort);
        second.Kill();

        // Until the death is known calls may fail; none may hang, and all end well after it.
        for (var good = 0; good < 20;)
        {
            try
            {
                await client.GetGrain<IEchoGrain>($"after-{good}").AddAsync(1, 1);
                good++;
            }
            catch (SiloUnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<IEchoGrain> GrainOnAsync(IGrainFactory factory, int siloPort)
    {
        for (var i = 0; ; i++)
        {
            var grain = factory.GetGrain<IEchoGrain>($"somewhere-{i}");
            if (SiloAddress.FromParsableString(await grain.WhereAsync()).Endpoint.Port == siloPort)
            {
                return grain;
            }
        }
    }

    private static Task<EmbeddedSilo> PrimaryHereAsync() => SiloHereAsync(null);

    /// <param name="primary">Null: it is the first, unless a seed answers.</param>
    private static async Task<EmbeddedSilo> SiloHereAsync(IPEndPoint? primary, params IPEndPoint[] seeds)
    {
        var silo = ByHand.Silo(builder => builder
            .Configure<EndpointOptions>(o => (o.SiloPort, o.GatewayPort) = (0, EndpointOptions.AnyFreePort))
            .Configure<ClusterOptions>(o => o.ClusterId = "dev")
            .Configure<ClusterSecretOptions>(o => o.Secret = InProcessCluster.Secret)
            .Configure<ClusterMembershipOptions>(o => o.ProbeTimeout = TimeSpan.FromMilliseconds(500))
            .Configure<SiloSetup>(s =>
            {
                (s.GrainClasses, s.Primary) = (InProcessCluster.Grains, primary);
                s.Seeds.AddRange(seeds);
            })
            .AddMemoryGrainStorageAsDefault());
        await silo.StartAsync();
        return silo;
    }

    private static async Task<EmbeddedClient> ConnectAsync(int gatewayPort)
    {
        var client = ByHand.Client(builder => builder
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, gatewayPort))
            .Configure<ClusterOptions>(o => o.ClusterId = "dev")
            .Configure<ClusterSecretOptions>(o => o.Secret = InProcessCluster.Secret));
        await client.StartAsync();
        return client;
    }

    private static ChannelReader<(SiloAddress Silo, SiloStatus Status)> Listen(EmbeddedSilo silo)
    {
        var listener = new Listener();
        silo.Membership.SubscribeToSiloStatusEvents(listener);
        return listener.Events.Reader;
    }

    private static async Task UntilAsync(ChannelReader<(SiloAddress Silo, SiloStatus Status)> events, SiloProcess silo, SiloStatus status)
    {
        await foreach (var (changed, now) in events.ReadAllAsync())
        {
            if (changed.Endpoint.Port == silo.SiloPort && now == status)
            {
                return;
            }
        }
    }

    private sealed class Reader : INewsObserver
    {
        private int _heard;

        public int Heard => Volatile.Read(ref _heard);

        public Task NewsAsync(int number)
        {
            Interlocked.Increment(ref _heard);
            return Task.CompletedTask;
        }

        public Task<string> AskAsync(string question) => Task.FromResult(question);
    }

    private sealed class Listener : ISiloStatusListener
    {
        public Channel<(SiloAddress Silo, SiloStatus Status)> Events { get; } = Channel.CreateUnbounded<(SiloAddress, SiloStatus)>();

        public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status) => Events.Writer.TryWrite((updatedSilo, status));
    }
}
