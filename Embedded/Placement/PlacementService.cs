using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Orleans.Embedded;

/// <summary>Asks the director of a grain's strategy where a new activation goes.</summary>
internal sealed class PlacementService(EmbeddedSilo silo) : IPlacementContext
{
    private static readonly IReadOnlyDictionary<Type, IPlacementDirector> BuiltIn = new Dictionary<Type, IPlacementDirector>
    {
        [typeof(PreferLocalPlacement)] = new PreferLocalDirector(),
        [typeof(HashBasedPlacement)] = new HashBasedDirector(),
    };

    private readonly ConcurrentDictionary<Type, IPlacementDirector> _directors = new();
    private volatile Compatible _compatible = new(-1, []);

    public SiloAddress LocalSilo => silo.Address;

    public SiloStatus LocalSiloStatus => silo.Membership.CurrentStatus;

    public SiloAddress[] GetCompatibleSilos(PlacementTarget target)
    {
        var table = silo.Membership.Table;
        var compatible = _compatible;
        if (compatible.Version != table.Version)
        {
            _compatible = compatible = new Compatible(table.Version, []);
        }

        var silos = compatible.ByType.GetOrAdd(
            target.GrainIdentity.Type,
            static (type, table) => [.. table.Entries.Where(e => e.Status == SiloStatus.Active && Array.Exists(e.Grains, g => g.Type == type.Value)).Select(e => e.Silo).Order()],
            table);
        return silos.Length > 0 ? [.. silos] : throw new OrleansException(
            $"No active silo hosts grains of the kind '{target.GrainIdentity.Type}'. Start a silo whose program refers to the grain's assembly.");
    }

    /// <summary>Completes at once for the built-in strategies.</summary>
    public Task<SiloAddress> ChooseAsync(Message request)
    {
        var grain = request.Target;
        var strategy = silo.Catalog.Find(grain.Type)?.Placement ?? new RandomPlacement();
        var target = new PlacementTarget(grain, request.Context?.ToDictionary(), GrainInterfaceType.Create(request.Call.InterfaceAlias), 0);
        return _directors.GetOrAdd(strategy.GetType(), DirectorOf).OnAddActivation(strategy, target, this);
    }

    private IPlacementDirector DirectorOf(Type strategy) =>
        silo.Services.GetKeyedService<IPlacementDirector>(strategy)
        ?? BuiltIn.GetValueOrDefault(strategy)
        ?? (strategy == typeof(RandomPlacement) ? new RandomDirector(silo.Environment.Randomness) : null)
        ?? throw new OrleansConfigurationException($"No placement director is registered for {strategy}. Call AddPlacementDirector<{strategy.Name}, TDirector>() on the silo builder.");

    private sealed record Compatible(long Version, ConcurrentDictionary<GrainType, SiloAddress[]> ByType);
}
