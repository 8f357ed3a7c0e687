using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tests.Cluster;

/// <summary>Drops a third of the activations of workers and values after a call each, as Orleans may between any two turns.</summary>
internal sealed class DropActivations : IIncomingGrainCallFilter
{
    private int _calls;

    public int Dropped { get; private set; }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Grain is IWorkerGrain or IChunkGrain && Interlocked.Increment(ref _calls) % 3 == 0)
        {
            Dropped++;
            ((IGrainBase)context.Grain).DeactivateOnIdle();
        }
    }
}

/// <summary>Where grains of values were when they were called.</summary>
internal sealed class WhereCalled : IIncomingGrainCallFilter
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> _silos = new();

    public string this[TaskKey key] => _silos.Single(entry => entry.Key.EndsWith($"/{key}", StringComparison.Ordinal)).Value;

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is IChunkGrain and Grain grain)
        {
            _silos[context.TargetId.ToString()] = grain.RuntimeIdentity;
        }

        return context.Invoke();
    }
}
