using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

[Alias("tests.IFloodGrain")]
public interface IFloodGrain : IGrainWithStringKey
{
    /// <summary>Calls the other one, which calls back, and so on, <paramref name="width"/> such chains at once, until told to stop.</summary>
    [Alias("Flood")]
    Task FloodAsync(int width);

    [Alias("Wave"), OneWay]
    Task WaveAsync(IFloodGrain other);

    [Alias("Stop"), AlwaysInterleave]
    Task<long> StopAsync();
}

/// <summary>Keeps itself busy with one-way calls: every one of its turns makes the next.</summary>
[Alias("flood")]
public sealed class FloodGrain : Grain, IFloodGrain
{
    private bool _stopped;
    private long _turns;

    public async Task FloodAsync(int width)
    {
        for (var i = 0; i < width; i++)
        {
            await WaveAsync(this.AsReference<IFloodGrain>());
        }
    }

    public Task WaveAsync(IFloodGrain other)
    {
        _turns++;
        return _stopped ? Task.CompletedTask : other.WaveAsync(this.AsReference<IFloodGrain>());
    }

    public Task<long> StopAsync()
    {
        _stopped = true;
        return Task.FromResult(_turns);
    }
}

/// <summary>Nobody is starved: neither callers by each other, nor a silo by its grains. What is counted are shares, never time.</summary>
public sealed class FairnessTests
{
    private const int Callers = 256;

    public static TheoryData<string> Ways => ["one grain each", "one grain for all", "tcp client"];

    [Theory, MemberData(nameof(Ways))]
    public async Task Of_many_callers_in_tight_loops_the_slowest_has_its_share(string way)
    {
        await using var cluster = await InProcessCluster.StartAsync(network: way.StartsWith("tcp", StringComparison.Ordinal) ? new TcpNetwork() : null);
        IGrainFactory factory = way.StartsWith("tcp", StringComparison.Ordinal) ? await cluster.AddClientAsync() : cluster.First.GrainFactory;
        var grains = Enumerable.Range(0, Callers)
            .Select(i => factory.GetGrain<IEchoGrain>(way == "one grain for all" ? "shared" : $"{way} {i}"))
            .ToArray();
        foreach (var grain in grains)
        {
            await grain.NothingAsync();
        }

        // Shares are those of a second or so, from when the last has begun.
        var left = way.StartsWith("tcp", StringComparison.Ordinal) ? 500_000 : 3_000_000;
        var counts = new int[Callers];
        var toBegin = Callers;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(grains.Select((grain, caller) => Task.Run(async () =>
        {
            if (Interlocked.Decrement(ref toBegin) == 0)
            {
                begun.SetResult();
            }

            await begun.Task;
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await grain.NothingAsync();
                counts[caller]++;
            }
        })));
        Assert.True(counts.Min() >= counts.Average() / 10, $"The slowest of {Callers} callers made {counts.Min()} calls, the mean is {counts.Average():F0}, the fastest made {counts.Max()}.");
    }

    [Theory, InlineData(1, 1), InlineData(1, 1000), InlineData(64, 100), InlineData(1000, 20)]
    public async Task Grains_that_flood_themselves_cannot_stop_the_probes_of_their_silo(int grains, int width)
    {
        await using var cluster = await InProcessCluster.StartAsync(2, new TcpNetwork(), b => b.Configure<ClusterMembershipOptions>(o => o.ProbeTimeout = TimeSpan.FromSeconds(1)));
        var flooding = Enumerable.Range(0, grains).Select(i => cluster.First.GrainFactory.GetGrain<IFloodGrain>($"flood {i} {width}")).ToArray();
        await Task.WhenAll(flooding.Select(grain => grain.FloodAsync(width)));

        // Probes that are answered while the flood goes on: its turns are counted before and after.
        var probed = cluster.Silos[1].Membership.Target(cluster.First.Address);
        for (var i = 0; i < 20; i++)
        {
            await probed.ProbeAsync();
        }

        Assert.All(cluster.Silos, silo => Assert.Equal(2, silo.Membership.Table.ActiveSilos.Length));
        var turns = await Task.WhenAll(flooding.Select(grain => grain.StopAsync()));
        Assert.All(turns, n => Assert.True(n > width));
    }
}
