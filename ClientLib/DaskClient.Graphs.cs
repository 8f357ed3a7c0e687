using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Session;

namespace Orleans.Dask;

public sealed partial class DaskClient
{
    /// <inheritdoc/>
    public async Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        cancellationToken.ThrowIfCancellationRequested();
        var states = _link.Submit(Optimizer.Run(graph, wanted));
        using var cancel = cancellationToken.UnsafeRegister(states => ((FutureState[])states!).ToList().ForEach(state => _ = _link.CancelAsync(state)), states);
        try
        {
            var values = new object?[states.Length];
            await GatherAsync(states, Array.ConvertAll(states, _ => typeof(object)), (i, value) => values[i] = value, cancellationToken);
            return values;
        }
        finally
        {
            Array.ForEach(states, _link.Drop);
        }
    }

    /// <inheritdoc/>
    public Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        cancellationToken.ThrowIfCancellationRequested();
        var futures = Array.ConvertAll(_link.Submit(Optimizer.Run(graph, wanted)), state => new Future<object>(state));
        return Task.FromResult<PersistedGraph>(new PersistedFutures(futures));
    }
}
