using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Orleans.Dask.Embedded.Tests;

[Alias("tests.IPlacedGrain")]
public interface IPlacedGrain : IGrainWithStringKey
{
    [Alias("Where")]
    Task<SiloAddress> WhereAsync();

    /// <summary>Whether the hint is still set when the grain runs.</summary>
    [Alias("SeesHint")]
    Task<bool> SeesHintAsync();

    [Alias("Activation")]
    Task<Guid> ActivationAsync();
}

public abstract class PlacedGrainBase(ILocalSiloDetails silo) : Grain, IPlacedGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<SiloAddress> WhereAsync() => Task.FromResult(silo.SiloAddress);

    public Task<bool> SeesHintAsync() => Task.FromResult(RequestContext.Get(IPlacementDirector.PlacementHintKey) is SiloAddress);

    public async Task<Guid> ActivationAsync()
    {
        await Task.Yield();
        return _activation;
    }
}

[RandomPlacement]
public sealed class RandomPlacedGrain(ILocalSiloDetails silo) : PlacedGrainBase(silo);

[PreferLocalPlacement]
public sealed class LocalPlacedGrain(ILocalSiloDetails silo) : PlacedGrainBase(silo);

[HashBasedPlacement]
public sealed class HashPlacedGrain(ILocalSiloDetails silo) : PlacedGrainBase(silo);

[LastPlacement]
public sealed class LastPlacedGrain(ILocalSiloDetails silo) : PlacedGrainBase(silo);

[StatelessWorker(3)]
public sealed class WorkerPlacedGrain(ILocalSiloDetails silo) : PlacedGrainBase(silo);

[GenerateSerializer, Alias("tests.LastPlacement")]
public sealed class LastPlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
public sealed class LastPlacementAttribute() : PlacementAttribute(new LastPlacement());

/// <summary>The silo with the highest address, or the hint.</summary>
public sealed class LastPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? silos.Max()!);
    }
}

/// <summary>Where new activations go.</summary>
public sealed class PlacementTests
{
    [Fact]
    public async Task Random_placement_uses_every_silo()
    {
        await using var cluster = await StartAsync();
        var places = new HashSet<SiloAddress>();
        for (var i = 0; places.Count < 3; i++)
        {
            places.Add(await Get(cluster, nameof(RandomPlacedGrain), $"{i}").WhereAsync());
        }
    }

    [Fact]
    public async Task Local_placement_stays_with_the_caller()
    {
        await using var cluster = await StartAsync();
        foreach (var silo in cluster.Silos)
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(silo.Address, await Get(silo.GrainFactory, nameof(LocalPlacedGrain), $"{silo.Address}-{i}").WhereAsync());
            }
        }
    }

    [Fact]
    public async Task Hash_placement_is_the_same_from_everywhere_and_again()
    {
        await using var cluster = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            var first = await Get(cluster.Silos[i % 3].GrainFactory, nameof(HashPlacedGrain), $"{i}").WhereAsync();
            cluster.Silos.Single(s => s.Address.Equals(first)).Find(Get(cluster, nameof(HashPlacedGrain), $"{i}").GetGrainId())!
                .Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "test"));
            Assert.Equal(first, await Get(cluster.Silos[(i + 1) % 3].GrainFactory, nameof(HashPlacedGrain), $"{i}").WhereAsync());
        }
    }

    [Fact]
    public async Task A_director_of_the_program_decides()
    {
        await using var cluster = await StartAsync();
        Assert.Equal(cluster.Silos.Max(s => s.Address), await Get(cluster, nameof(LastPlacedGrain), "x").WhereAsync());
    }

    [Theory]
    [InlineData(nameof(RandomPlacedGrain))]
    [InlineData(nameof(LocalPlacedGrain))]
    [InlineData(nameof(HashPlacedGrain))]
    [InlineData(nameof(LastPlacedGrain))]
    public async Task A_hint_is_obeyed_from_silos_and_clients(string kind)
    {
        await using var cluster = await StartAsync();
        var client = await cluster.AddClientAsync();
        foreach (var factory in new[] { cluster.First.GrainFactory, client })
        {
            foreach (var silo in cluster.Silos)
            {
                for (var i = 0; i < 5; i++)
                {
                    var grain = Get(factory, kind, $"{factory.GetType().Name}-{silo.Address}-{i}");
                    RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.Address);
                    var seen = await grain.SeesHintAsync();
                    RequestContext.Remove(IPlacementDirector.PlacementHintKey);
                    Assert.True(seen);
                    Assert.Equal(silo.Address, await grain.WhereAsync());
                }
            }
        }
    }

    [Fact]
    public async Task A_hint_at_a_silo_that_is_gone_is_ignored()
    {
        await using var cluster = await StartAsync();
        var gone = cluster.Silos[2];
        await gone.StopAsync();
        RequestContext.Set(IPlacementDirector.PlacementHintKey, gone.Address);
        Assert.NotEqual(gone.Address, await Get(cluster, nameof(RandomPlacedGrain), "gone").WhereAsync());
        RequestContext.Clear();
    }

    [Fact]
    public async Task A_stateless_worker_has_as_many_activations_as_it_may_and_no_more()
    {
        await using var cluster = await StartAsync();
        var grain = Get(cluster, nameof(WorkerPlacedGrain), "w");
        var seen = new HashSet<Guid>();
        while (seen.Count < 3)
        {
            seen.UnionWith(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => grain.ActivationAsync())));
        }

        seen.UnionWith(await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => grain.ActivationAsync())));
        Assert.Equal(3, seen.Count);
    }

    private static Task<InProcessCluster> StartAsync() =>
        InProcessCluster.StartAsync(3, configure: b => b.AddPlacementDirector<LastPlacement, LastPlacementDirector>());

    private static IPlacedGrain Get(InProcessCluster cluster, string kind, string key) => Get(cluster.First.GrainFactory, kind, key);

    private static IPlacedGrain Get(IGrainFactory factory, string kind, string key) =>
        factory.GetGrain<IPlacedGrain>(key, $"Orleans.Dask.Embedded.Tests.{kind}");
}
