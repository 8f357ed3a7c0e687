using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Orleans.Embedded;

/// <summary>Any silo.</summary>
internal sealed class RandomDirector(IRandomness randomness) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos)
            ?? (silos.Length == 1 ? silos[0] : silos[randomness.Next(silos.Length)]));
    }
}

/// <summary>The caller's silo when it hosts the kind, else the first by hash.</summary>
internal sealed class PreferLocalDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos)
            ?? (silos.Contains(context.LocalSilo) ? context.LocalSilo : HashBasedDirector.Choose(target.GrainIdentity, silos)));
    }
}

/// <summary>A silo by the grain's identity: the same as long as the silos are the same.</summary>
internal sealed class HashBasedDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? Choose(target.GrainIdentity, silos));
    }

    public static SiloAddress Choose(GrainId grain, SiloAddress[] silos) => silos[(int)(StableHash.Of(grain) % (ulong)silos.Length)];
}
