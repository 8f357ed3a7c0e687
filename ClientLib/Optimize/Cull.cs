using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Leaves out what the wanted values don't need, and turns layers into numbered nodes.</summary>
internal static class Cull
{
    /// <summary>The nodes that <paramref name="wanted"/> needs and no others.</summary>
    /// <exception cref="GraphException">A cycle, or a key that nothing makes.</exception>
    public static FlatGraph Run(TaskGraph graph, IReadOnlyList<TaskKey> wanted) => FlatGraph.Of(graph, wanted);
}
