namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// The nodes that some wanted values need, numbered 0 to <see cref="Count"/> - 1: what optimiser passes, local schedulers and
/// the cluster's client work on. Every node's dependencies have lower numbers than itself, so counting up runs the graph.
/// </summary>
/// <remarks>
/// Edges are kept twice, by dependency and by dependant, each as one array of ids cut into rows. A dependency that a node
/// takes twice is an edge twice.
/// </remarks>
public sealed class FlatGraph
{
    private readonly TaskNode[] _nodes;
    private readonly int[] _dependencyStart;
    private readonly int[] _dependencies;
    private readonly int[] _dependantStart;
    private readonly int[] _dependants;
    private readonly int[] _wanted;

    /// <param name="nodes">In topological order; not copied.</param>
    /// <param name="dependencyStart">Where each node's row of <paramref name="dependencies"/> begins, and the end of the last.</param>
    /// <param name="dependencies">Ids in the order of each node's dependencies.</param>
    /// <param name="wanted">Ids of what was asked for, in that order.</param>
    /// <param name="isOrdered">As <see cref="IsOrdered"/>.</param>
    internal FlatGraph(TaskNode[] nodes, int[] dependencyStart, int[] dependencies, int[] wanted, bool isOrdered)
    {
        _nodes = nodes;
        _dependencyStart = dependencyStart;
        _dependencies = dependencies;
        _wanted = wanted;
        IsOrdered = isOrdered;
        (_dependantStart, _dependants) = Transpose(nodes.Length, dependencyStart, dependencies);
    }

    // The same edges.
    private FlatGraph(FlatGraph same, TaskNode[] nodes, bool isOrdered)
    {
        (_nodes, _dependencyStart, _dependencies, _wanted) = (nodes, same._dependencyStart, same._dependencies, same._wanted);
        (_dependantStart, _dependants, IsOrdered) = (same._dependantStart, same._dependants, isOrdered);
    }

    /// <summary>How many nodes there are.</summary>
    public int Count => _nodes.Length;

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => _dependencies.Length;

    /// <summary>The nodes by id.</summary>
    public ReadOnlySpan<TaskNode> Nodes => _nodes;

    /// <summary>What was asked for, in that order; an id may stand there twice.</summary>
    public ReadOnlySpan<int> Wanted => _wanted;

    /// <summary>True when the ids are the order in which the nodes should run: the lower, the sooner.</summary>
    public bool IsOrdered { get; }

    /// <summary>The same graph with other nodes, which take what those in their places took.</summary>
    internal FlatGraph Select(Converter<TaskNode, TaskNode> node) => new(this, Array.ConvertAll(_nodes, node), IsOrdered);

    /// <summary>The ids a node is made from, in the order of its node's dependencies.</summary>
    public ReadOnlySpan<int> Dependencies(int id) => _dependencies.AsSpan(_dependencyStart[id], _dependencyStart[id + 1] - _dependencyStart[id]);

    /// <summary>The ids that are made from a node, ascending.</summary>
    public ReadOnlySpan<int> Dependants(int id) => _dependants.AsSpan(_dependantStart[id], _dependantStart[id + 1] - _dependantStart[id]);

    /// <summary>Cull: the nodes that <paramref name="wanted"/> needs and no others, depth first, in the order in which they are asked for.</summary>
    /// <exception cref="GraphException">A key that nothing makes, or a cycle; the message shows the keys on the way round.</exception>
    public static FlatGraph Of(TaskGraph graph, IReadOnlyList<TaskKey> wanted)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        return new Flattener(graph).Flatten(wanted);
    }

    /// <summary>The same nodes under new numbers.</summary>
    /// <param name="order">The old id of each new one; a permutation in which dependencies still come first.</param>
    /// <exception cref="GraphException">Not such a permutation.</exception>
    public FlatGraph Reordered(ReadOnlySpan<int> order)
    {
        var isSame = order.Length == Count;
        for (var i = 0; isSame && i < order.Length; i++)
        {
            isSame = order[i] == i;
        }

        if (isSame)
        {
            return IsOrdered ? this : new FlatGraph(this, _nodes, isOrdered: true);
        }

        var renamed = Invert(order);
        var nodes = new TaskNode[Count];
        var start = new int[Count + 1];
        var dependencies = new int[EdgeCount];
        var edge = 0;
        for (var id = 0; id < order.Length; id++)
        {
            var old = order[id];
            nodes[id] = _nodes[old];
            foreach (var dependency in Dependencies(old))
            {
                var now = renamed[dependency];
                if (now >= id)
                {
                    throw new GraphException($"'{nodes[id]}' would come before '{_nodes[dependency]}', which it is made from.");
                }

                dependencies[edge++] = now;
            }

            start[id + 1] = edge;
        }

        return new FlatGraph(nodes, start, dependencies, Array.ConvertAll(_wanted, id => renamed[id]), isOrdered: true);
    }

    /// <summary>These nodes as a graph of explicit layers.</summary>
    public TaskGraph ToTaskGraph()
    {
        var builder = new TaskGraphBuilder();
        foreach (var node in _nodes)
        {
            builder.Add(node);
        }

        return builder.Build();
    }

    private int[] Invert(ReadOnlySpan<int> order)
    {
        var renamed = new int[Count];
        Array.Fill(renamed, -1);
        for (var id = 0; id < order.Length; id++)
        {
            renamed[order[id]] = id;
        }

        return order.Length == Count && !renamed.AsSpan().Contains(-1) ? renamed
            : throw new GraphException($"An order of {order.Length} ids was given for {Count} nodes. Expected each id from 0 to {Count - 1} once.");
    }

    // A counting sort by dependency; rows come out ascending because nodes are visited in their order.
    private static (int[] Start, int[] Dependants) Transpose(int count, int[] dependencyStart, int[] dependencies)
    {
        var start = new int[count + 1];
        foreach (var dependency in dependencies)
        {
            start[dependency]++;
        }

        for (int i = 0, end = 0; i <= count; i++)
        {
            start[i] = end += start[i];
        }

        // Rows are filled from their ends, last node first, so that start[d] arrives at where row d begins.
        var dependants = new int[dependencies.Length];
        for (var id = count - 1; id >= 0; id--)
        {
            for (var edge = dependencyStart[id + 1] - 1; edge >= dependencyStart[id]; edge--)
            {
                dependants[--start[dependencies[edge]]] = id;
            }
        }

        return (start, dependants);
    }
}
