using Orleans.Runtime.Placement;

namespace Orleans.Dask.Grains.Placement;

/// <summary>At the door of every grain the placement hint ends: it was meant for this one call, not for those it makes.</summary>
internal sealed class HintFilter : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        return context.Invoke();
    }
}
