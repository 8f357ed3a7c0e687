using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Dask.Embedded.Tests.Network;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>What goes wrong with a probe, and of whom that tells.</summary>
public sealed class ProberTests
{
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_silo_that_has_no_room_for_calls_of_its_own_finds_nobody_dead()
    {
        using var log = new LogLines(LogLevel.Debug);
        await using var cluster = await InProcessCluster.StartAsync(configure: b => b
            .Configure<ClusterMembershipOptions>(o => o.ProbeTimeout = TimeSpan.FromMilliseconds(20)));
        var crowded = await cluster.AddSiloAsync(b =>
        {
            b.Configure<ConnectionOptions>(o => o.MaxPendingCalls = 64);
            log.AddTo(b.Services);
        });
        using var enough = new CancellationTokenSource();
        var grain = crowded.GrainFactory.GetGrain<IEchoGrain>("waits");
        while (log.All.Count(line => line.Contains($"Probe of {cluster.First.Address}", StringComparison.Ordinal)) < 5)
        {
            // Again and again: room that the silo's own calls leave is taken as well.
            _ = grain.WaitAsync(enough.Token);
            await Task.Yield();
        }

        Assert.Equal(SiloStatus.Active, crowded.Membership.Table.StatusOf(cluster.First.Address));
        await enough.CancelAsync();
        Assert.Equal(3, await crowded.GrainFactory.GetGrain<IEchoGrain>("after").AddAsync(1, 2));
    }

    [Fact]
    public async Task Where_nobody_listens_a_probe_is_refused()
    {
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork());
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Equal(ProbeOutcome.Refused, await OutcomeAsync(cluster.First, (IPEndPoint)closed.LocalEndPoint!));
    }

    [Fact]
    public async Task Whoever_hangs_up_at_the_door_may_be_crowded()
    {
        await using var cluster = await InProcessCluster.StartAsync(network: new TcpNetwork());
        using var crowded = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        crowded.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        crowded.Listen();
        var hangsUp = crowded.AcceptAsync().ContinueWith(accepted => accepted.Result.Dispose(), TaskScheduler.Default);
        Assert.Equal(ProbeOutcome.Silent, await OutcomeAsync(cluster.First, (IPEndPoint)crowded.LocalEndPoint!));
        await hangsUp;
    }

    [Fact]
    public async Task Another_silo_at_the_address_says_that_the_one_meant_is_gone()
    {
        await using var cluster = await InProcessCluster.StartAsync(2, new TcpNetwork());
        cluster.Silos[1].Links.Drop(cluster.First.Address, "the test wants a new one");
        Assert.Equal(ProbeOutcome.Refused, await OutcomeAsync(cluster.Silos[1], cluster.First.Address.Endpoint));
    }

    [Theory]
    [InlineData(1.0, ProbeOutcome.Silent)]
    [InlineData(1.4, ProbeOutcome.Silent)]
    [InlineData(1.6, null)]
    public void Who_hears_the_clock_late_is_no_judge_of_others(double seconds, object? expected) =>
        Assert.Equal((ProbeOutcome?)expected, ProbeOutcomes.Of(new TimeoutException(), TimeSpan.FromSeconds(seconds), Probe));

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, null)]
    [InlineData(SocketError.AddressNotAvailable, null)]
    [InlineData(SocketError.HostUnreachable, ProbeOutcome.Silent)]
    public void Sockets_that_run_out_at_home_tell_nothing(SocketError error, object? expected) =>
        Assert.Equal((ProbeOutcome?)expected, ProbeOutcomes.Of(new SiloUnavailableException("no connection", new SocketException((int)error)), TimeSpan.Zero, Probe));

    private static async Task<ProbeOutcome?> OutcomeAsync(EmbeddedSilo silo, IPEndPoint target)
    {
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(() => silo.Membership.Target(SiloAddress.New(target, 7)).ProbeAsync().AsTask());
        return ProbeOutcomes.Of(error, TimeSpan.Zero, Probe);
    }
}
