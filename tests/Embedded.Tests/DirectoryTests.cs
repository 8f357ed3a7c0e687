using System.Collections.Concurrent;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

[Alias("tests.IOnlyGrain")]
public interface IOnlyGrain : IGrainWithIntegerKey
{
    /// <summary>A number that only one activation of the grain can give.</summary>
    [Alias("Next")]
    Task<(Guid Activation, int Count)> NextAsync();

    [Alias("Leave")]
    Task LeaveAsync();
}

public sealed class OnlyGrain : Grain, IOnlyGrain
{
    private static readonly ConcurrentDictionary<GrainId, int> s_live = new();

    private readonly Guid _activation = Guid.NewGuid();
    private int _count;

    public static ConcurrentQueue<GrainId> Twice { get; } = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (s_live.AddOrUpdate(this.GetGrainId(), 1, static (_, n) => n + 1) > 1)
        {
            Twice.Enqueue(this.GetGrainId());
        }

        await Task.Yield();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        s_live.AddOrUpdate(this.GetGrainId(), 0, static (_, n) => n - 1);
    }

    public Task<(Guid Activation, int Count)> NextAsync() => Task.FromResult((_activation, ++_count));

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>One activation of a grain in the cluster, whoever calls, comes and goes.</summary>
public sealed class DirectoryTests
{
    /// <summary>Keys of the grains that live through changes of membership, apart from those of the other tests.</summary>
    private const int Moving = 10_000;

    private const int Grains = 200;

    [Fact]
    public async Task Callers_on_all_silos_at_once_meet_the_same_activation()
    {
        await using var cluster = await InProcessCluster.StartAsync(3);
        var mine = Enumerable.Range(0, 100).Select(key => cluster.First.GrainFactory.GetGrain<IOnlyGrain>(key).GetGrainId()).ToArray();
        for (var key = 0; key < 100; key++)
        {
            var calls = cluster.Silos.SelectMany(silo => Enumerable.Range(0, 4).Select(_ => Task.Run(() => silo.GrainFactory.GetGrain<IOnlyGrain>(key).NextAsync())));
            Assert.Single((await Task.WhenAll(calls)).DistinctBy(answer => answer.Activation));
        }

        Assert.Empty(OnlyGrain.Twice.Intersect(mine));
    }

    [Fact]
    public Task Never_two_at_once_while_grains_come_and_go_and_silos_join_and_leave() => NeverTwoAsync(Moving);

    [Fact, Trait("Category", "Soak")]
    public async Task Never_two_at_once_a_hundred_times()
    {
        for (var run = 1; run <= 100; run++)
        {
            await NeverTwoAsync(Moving + (run * Grains));
        }
    }

    [Fact]
    public void A_silo_that_joins_moves_only_its_share_of_the_directory()
    {
        var silos = Enumerable.Range(1, 4).Select(i => SiloAddress.FromParsableString($"127.0.0.1:{i}@1")).ToArray();
        var before = new HashRing(silos[..3]);
        var after = new HashRing(silos);
        var grains = Enumerable.Range(0, 10_000).Select(i => GrainId.Create("g", $"{i}")).ToArray();
        var moved = grains.Where(g => !before.OwnerOf(g)!.Equals(after.OwnerOf(g))).ToArray();
        Assert.All(moved, g => Assert.Equal(silos[3], after.OwnerOf(g)));
        Assert.InRange(moved.Length, 1000, 4500);
        Assert.All(silos, s => Assert.InRange(grains.Count(g => s.Equals(after.OwnerOf(g))), 1000, 4500));
    }

    private static async Task NeverTwoAsync(int firstKey)
    {
        await using var cluster = await InProcessCluster.StartAsync(2);
        var keys = Enumerable.Range(firstKey, Grains).ToArray();
        await JoinAndLeaveAsync(cluster, firstKey);
        Assert.Empty(OnlyGrain.Twice.Intersect(keys.Select(key => cluster.First.GrainFactory.GetGrain<IOnlyGrain>(key).GetGrainId())));
        foreach (var key in keys)
        {
            var answers = await Task.WhenAll(cluster.Silos.Select(silo => silo.GrainFactory.GetGrain<IOnlyGrain>(key).NextAsync()));
            Assert.Single(answers.DistinctBy(answer => answer.Activation));
        }
    }

    private static async Task JoinAndLeaveAsync(InProcessCluster cluster, int firstKey)
    {
        using var enough = new CancellationTokenSource();
        var failures = new ConcurrentQueue<Exception>();
        var callers = cluster.Silos.Select((silo, i) => Task.Run(() => CallAsync(silo.GrainFactory, firstKey, seed: i, failures, enough.Token))).ToArray();
        for (var round = 0; round < 3; round++)
        {
            var third = await cluster.AddSiloAsync();
            await Task.WhenAll(Enumerable.Range(firstKey, Grains).Select(key => TryAsync(third.GrainFactory.GetGrain<IOnlyGrain>(key).NextAsync())));
            cluster.Silos.Remove(third);
            await third.StopAsync();
            foreach (var other in cluster.Silos)
            {
                await other.Membership.Refresh();
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(callers);
        Assert.Empty(failures);
    }

    private static async Task CallAsync(IGrainFactory factory, int firstKey, int seed, ConcurrentQueue<Exception> failures, CancellationToken enough)
    {
        var random = new Random(seed);
        while (!enough.IsCancellationRequested)
        {
            var grain = factory.GetGrain<IOnlyGrain>(firstKey + random.Next(Grains));
            try
            {
                await TryAsync(random.Next(5) == 0 ? grain.LeaveAsync() : grain.NextAsync());
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }
    }

    private static async Task TryAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (OrleansMessageRejectionException)
        {
            // It left once too often while the call travelled, or its silo stopped: Orleans may say so too.
        }
    }
}
