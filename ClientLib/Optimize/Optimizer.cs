using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>From the graph that collections made to the one that schedulers run: same answer, same keys, fewer tasks, in a good order.</summary>
public static class Optimizer
{
    /// <summary>Runs all <see cref="Passes"/>.</summary>
    /// <param name="graph">As collections made it; not changed.</param>
    /// <param name="wanted">The keys whose values will be asked for.</param>
    /// <exception cref="GraphException">A cycle, or a key that nothing makes.</exception>
    public static FlatGraph Run(TaskGraph graph, IReadOnlyList<TaskKey> wanted)
    {
        foreach (var pass in Passes.Layers)
        {
            graph = pass.Run(graph, wanted);
        }

        var flat = Cull.Run(graph, wanted);
        foreach (var pass in Passes.Nodes)
        {
            flat = pass.Run(flat);
        }

        return flat;
    }
}
