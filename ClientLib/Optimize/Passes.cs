using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>A rewriting of layers: the wanted keys keep their names and values.</summary>
/// <param name="Name">As in progress and benchmarks.</param>
/// <param name="Why">What it is for, and why it stands where it stands.</param>
/// <param name="Run">Graph in, graph out.</param>
internal sealed record LayerPass(string Name, string Why, Func<TaskGraph, IReadOnlyList<TaskKey>, TaskGraph> Run);

/// <summary>A rewriting of nodes.</summary>
/// <inheritdoc cref="LayerPass"/>
internal sealed record NodePass(string Name, string Why, Func<FlatGraph, FlatGraph> Run);

/// <summary>All passes, in the order in which they run.</summary>
/// <remarks>
/// First what knows collections and sees whole layers, because it saves the most and costs the least: a layer is one object
/// however many nodes it has. Then cull, which makes nodes of what is needed: nothing later sees a node that nobody wants.
/// Then what looks at single nodes; order is last, since any change of the graph would undo it.
/// </remarks>
internal static class Passes
{
    /// <summary>Over layers, before <see cref="Cull"/>.</summary>
    public static IReadOnlyList<LayerPass> Layers { get; } = [];

    /// <summary>Over nodes, after <see cref="Cull"/>.</summary>
    public static IReadOnlyList<NodePass> Nodes { get; } =
    [
        new("order", "Numbers the nodes so that memory stays flat; last, since it is about the graph as it will run.", Order.Run),
    ];
}
