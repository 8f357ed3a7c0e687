using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>What the schedulers of this process share.</summary>
internal static class LocalGraph
{
    /// <summary>The wanted values, in the order asked for.</summary>
    public static object?[] Results(FlatGraph flat, object?[] values)
    {
        var results = new object?[flat.Wanted.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = values[flat.Wanted[i]];
        }

        return results;
    }

    /// <summary>Computed values as a graph of their own.</summary>
    public static PersistedGraph Persisted(IReadOnlyList<TaskKey> wanted, object?[] values)
    {
        var builder = new TaskGraphBuilder();
        var seen = new HashSet<TaskKey>();
        for (var i = 0; i < values.Length; i++)
        {
            if (seen.Add(wanted[i]))
            {
                builder.Add(new DataNode(wanted[i], values[i]));
            }
        }

        return new PersistedGraph(builder.Build());
    }

    /// <summary>A future's value lives on a cluster, out of a local scheduler's reach.</summary>
    public static GraphException CannotRun(TaskNode node) => node is FutureNode
        ? new GraphException($"'{node.Key}' is held by a cluster, and this scheduler runs in the client's process. Compute it with the client that holds it.")
        : new GraphException($"'{node.Key}' is a {node.GetType().Name}, which this scheduler cannot run.");
}
