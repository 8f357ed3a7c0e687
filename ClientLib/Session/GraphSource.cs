using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>A graph that was handed to the cluster, kept for as long as something it makes is wanted: after a loss it is handed over again.</summary>
/// <param name="graph">What the wanted values need.</param>
/// <param name="externals">Futures that the graph takes values from.</param>
/// <param name="functions">Numbers the graph's functions.</param>
internal sealed class GraphSource(FlatGraph graph, FutureState[] externals, FunctionTable functions)
{
    public FlatGraph Graph { get; } = graph;

    public FutureState[] Externals { get; } = externals;

    public FunctionTable Functions { get; } = functions;

    /// <summary>The states of wanted nodes, by id.</summary>
    public Dictionary<int, FutureState> Wanted { get; } = [];

    /// <summary>The node whose value stands in the graph itself; null where there is none of that key.</summary>
    public DataNode? FindData(TaskKey key)
    {
        foreach (var node in Graph.Nodes)
        {
            if (node is DataNode data && data.Key == key)
            {
                return data;
            }
        }

        return null;
    }
}
