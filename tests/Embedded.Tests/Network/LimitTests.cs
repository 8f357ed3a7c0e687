using System.Net.Sockets;
using Orleans.Embedded;
using Orleans.Runtime.Messaging;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>How many may come, and how much may wait.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Strangers_are_few_at_a_time_and_not_for_long()
    {
        var log = new LogLines();
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork(), configure: b =>
        {
            log.AddTo(b.Services);
            b.Configure<ConnectionOptions>(o => (o.MaxHandshakes, o.HandshakeTimeout) = (4, TimeSpan.FromSeconds(1)));
        });
        var strangers = new List<Socket>();
        for (var i = 0; i < 5; i++)
        {
            strangers.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await strangers[^1].ConnectAsync(cluster.First.GatewayAddress.Endpoint);
        }

        // None of them says a word, and all are shown the door.
        foreach (var stranger in strangers)
        {
            Assert.Equal(0, await Visitor.ReceiveAllAsync(stranger));
            stranger.Dispose();
        }

        Assert.Equal(3, await (await cluster.AddClientAsync()).GetGrain<IEchoGrain>("after").AddAsync(1, 2));
        Assert.Single(log.All, line => line.Contains("MaxHandshakes", StringComparison.Ordinal));
        Assert.Equal(4, log.All.Count(line => line.Contains("took longer", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_door_that_is_full_lets_nobody_in_until_somebody_leaves()
    {
        var log = new LogLines();
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork(), configure: b =>
        {
            log.AddTo(b.Services);
            b.Configure<ConnectionOptions>(o => o.MaxConnections = 3);
        });
        var inside = new List<NetworkStream>();
        for (var i = 0; i < 3; i++)
        {
            inside.Add(await new Visitor(cluster.First, Guid.NewGuid()).EnterAsync());
        }

        await Assert.ThrowsAnyAsync<Exception>(() => new Visitor(cluster.First, Guid.NewGuid()).EnterAsync());
        Assert.Contains("MaxConnections", await log.First, StringComparison.Ordinal);
        foreach (var stream in inside)
        {
            await stream.DisposeAsync();
        }

        // The silo learns of the ends when it reads them: until then a client may be sent away.
        Assert.Equal(3, await (await cluster.AddClientAsync()).GetGrain<IEchoGrain>("after").AddAsync(1, 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_beyond_those_that_may_wait_fail_at_once_and_say_what_to_set(bool throughMemory)
    {
        await using var cluster = await InProcessCluster.StartAsync(network: throughMemory ? new MemoryNetwork() : new TcpNetwork());
        var client = await cluster.AddClientAsync(b => b.Configure<ConnectionOptions>(o => o.MaxPendingCalls = 64));
        var grain = client.GetGrain<IEchoGrain>("many wait");
        using var enough = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 200).Select(_ => grain.WaitAsync(enough.Token)).ToArray();
        var failed = calls.Where(call => call.IsFaulted).ToArray();
        Assert.InRange(failed.Length, 200 - 64, 200 - 1);
        var error = await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => failed[0]);
        Assert.Contains("MaxPendingCalls", error.Message, StringComparison.Ordinal);
        await enough.CancelAsync();
        foreach (var call in calls.Except(failed))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.Equal(3, await grain.AddAsync(1, 2));
    }

    [Fact]
    public async Task Nobody_connects_off_loopback_without_certificates()
    {
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork());
        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() =>
            new TcpNetwork().ConnectAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("192.0.2.1"), 1), new Visitor(cluster.First), CancellationToken.None));
        Assert.Contains("UseTls", error.Message, StringComparison.Ordinal);
    }
}
