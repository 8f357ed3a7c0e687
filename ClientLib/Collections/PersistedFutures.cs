using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Values that a cluster makes and holds for as long as this object lives.</summary>
internal sealed class PersistedFutures : PersistedGraph, IDisposable
{
    private readonly Future[] _futures;

    public PersistedFutures(Future[] futures)
        : base(GraphOf(futures))
    {
        _futures = futures;
    }

    public void Dispose() => Array.ForEach(_futures, future => future.Dispose());

    private static TaskGraph GraphOf(Future[] futures)
    {
        var builder = new TaskGraphBuilder();
        foreach (var key in futures.Select(future => future.Key).Distinct())
        {
            builder.Add(new FutureNode(key));
        }

        return builder.Build();
    }
}
