using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Runs graphs. Three stand behind it: synchronous (one thread, the oracle of the others), threads, and a cluster's client.</summary>
public interface IGraphScheduler
{
    /// <summary>Runs what the wanted values need and brings them here.</summary>
    /// <param name="graph">The recipe; not changed.</param>
    /// <param name="wanted">The keys whose values are returned, in this order; a key may stand there twice.</param>
    /// <param name="cancellationToken">Stops what is not begun and tells what runs.</param>
    /// <returns>One value per wanted key.</returns>
    /// <exception cref="GraphException">A cycle, or a key that nothing makes.</exception>
    /// <exception cref="TaskFailedException">A task threw; the inner exception is what it threw.</exception>
    Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default);

    /// <summary>As above, for values that are all of one type: what comes from other processes is decoded as that, and as nothing else.</summary>
    /// <typeparam name="T">What the wanted keys make.</typeparam>
    /// <inheritdoc cref="ComputeAsync(TaskGraph, IReadOnlyList{TaskKey}, CancellationToken)"/>
    async Task<T[]> ComputeAsync<T>(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
        Array.ConvertAll(await ComputeAsync(graph, wanted, cancellationToken), value => (T)value!);

    /// <summary>Starts what the wanted values need and keeps the values where they are made.</summary>
    /// <returns>A graph in which the wanted keys are <see cref="DataNode"/>s (here; under a memory limit, tasks that read what may lie on the disk) or <see cref="FutureNode"/>s (on a cluster). Dispose it to let the values go.</returns>
    /// <inheritdoc cref="ComputeAsync(TaskGraph, IReadOnlyList{TaskKey}, CancellationToken)"/>
    Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default);
}
