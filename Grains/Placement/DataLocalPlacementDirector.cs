using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Grains.Tasks;
using Orleans.Runtime.Placement;

namespace Orleans.Dask.Grains.Placement;

/// <summary>
/// Places the grains of values: by the caller's hint, else where the value is, as the local store and the other silos'
/// announcements have it, else where <see cref="PlacementPolicy"/> would start earliest; never on a silo that is about to leave while another
/// is there. Pins the grains of workers. Makes no calls.
/// </summary>
internal sealed class DataLocalPlacementDirector(ChunkStore store, InventoryView inventories) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (strategy is WorkerPlacement)
        {
            return Task.FromResult(Pinned(target, silos));
        }

        silos = inventories.Staying(silos);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? ByData(target, silos, context.LocalSilo));
    }

    private static SiloAddress Pinned(PlacementTarget target, SiloAddress[] silos)
    {
        var silo = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!);
        return silos.Contains(silo) ? silo
            : throw new SiloUnavailableException($"The worker {silo} is not there: that silo has gone, or has not joined. Ask the scheduler for the workers there are.");
    }

    private SiloAddress ByData(PlacementTarget target, SiloAddress[] silos, SiloAddress local)
    {
        var here = silos.Contains(local);
        if (ValueKey.TryParse(target.GrainIdentity.Key.ToString(), out var value))
        {
            if (here && store.Contains(value.Session, value.Key))
            {
                return local;
            }

            if (inventories.Find(value.Session, value.Key) is { } holder && silos.Contains(holder))
            {
                return holder;
            }
        }

        // Nothing is known to be anywhere, so no bytes have to move; elsewhere than with the caller it costs a message more.
        var candidates = new PlacementCandidate[silos.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            var (queuedTicks, slots) = inventories.Load(silos[i]);
            candidates[i] = new PlacementCandidate(queuedTicks, slots, 0, silos[i].Equals(local) ? 0 : 1);
        }

        return silos[PlacementPolicy.Choose(candidates)];
    }
}
