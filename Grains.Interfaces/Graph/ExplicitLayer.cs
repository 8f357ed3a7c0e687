namespace Orleans.Dask.Grains.Interfaces;

/// <summary>A layer of nodes that were given one by one, by <see cref="TaskGraphBuilder"/>. It may have gaps: keys that nothing makes.</summary>
public sealed class ExplicitLayer : TaskLayer
{
    private readonly PagedArray<TaskNode> _nodes;

    internal ExplicitLayer(string name, int count, IReadOnlyCollection<string> dependsOn, PagedArray<TaskNode> nodes)
    {
        Name = name;
        Count = count;
        DependsOn = dependsOn;
        _nodes = nodes;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> DependsOn { get; }

    /// <inheritdoc/>
    /// <exception cref="GraphException">A gap: no node was given for this place.</exception>
    public override TaskNode Node(int index) =>
        _nodes[index] ?? throw new GraphException($"Nothing makes '{new TaskKey(Name, index)}': no node of that key was added to layer '{Name}'.");

    /// <summary>Whether a node was given for this place.</summary>
    public bool Has(int index) => _nodes[index] is not null;
}
