using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask;

public sealed partial class DaskClient
{
    /// <inheritdoc/>
    public Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
        ComputeAsync<object?>(graph, wanted, node => node is CallNode call ? call.Function.ResultType : typeof(object), cancellationToken);

    /// <inheritdoc/>
    public Task<T[]> ComputeAsync<T>(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
        ComputeAsync<T>(graph, wanted, _ => typeof(T), cancellationToken);

    private async Task<T[]> ComputeAsync<T>(TaskGraph graph, IReadOnlyList<TaskKey> wanted, Func<TaskNode, Type> typeOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        cancellationToken.ThrowIfCancellationRequested();
        var flat = KeptGraph.Load(Optimizer.Run(graph, wanted));
        var types = new Type[flat.Wanted.Length];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = typeOf(flat.Nodes[flat.Wanted[i]]);
        }

        var states = Link.Submit(flat);
        try
        {
            var values = new T[states.Length];
            await GatherAsync(states, types, (i, value) => values[i] = (T)value!, cancellationToken);
            return values;
        }
        finally
        {
            // After a cancellation too: what nobody else wants is given up, and its token set where it runs.
            Array.ForEach(states, Link.Drop);
        }
    }

    /// <inheritdoc/>
    public Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        cancellationToken.ThrowIfCancellationRequested();
        var futures = Array.ConvertAll(Link.Submit(KeptGraph.Load(Optimizer.Run(graph, wanted))), state => new Future<object>(state));
        return Task.FromResult<PersistedGraph>(new PersistedFutures(futures));
    }
}
