using System.Collections.Immutable;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// What is to be computed: layers of nodes by name. Immutable; two graphs merge by sharing the layers they have in common.
/// It has never heard of a scheduler or a grain.
/// </summary>
public sealed class TaskGraph
{
    private readonly ImmutableDictionary<string, TaskLayer> _layers;

    private TaskGraph(ImmutableDictionary<string, TaskLayer> layers) => _layers = layers;

    /// <summary>The graph without values.</summary>
    public static TaskGraph Empty { get; } = new(ImmutableDictionary.Create<string, TaskLayer>(StringComparer.Ordinal));

    /// <summary>The layers, in no particular order.</summary>
    public IEnumerable<TaskLayer> Layers => _layers.Values;

    /// <summary>How many values the layers name, wanted or not.</summary>
    public long Count => _layers.Values.Sum(layer => (long)layer.Count);

    /// <summary>This graph and one layer more. A layer that is there under the same name stays: the same name means the same values.</summary>
    /// <exception cref="GraphException">The layer depends on one that is not there yet.</exception>
    public TaskGraph With(TaskLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (_layers.ContainsKey(layer.Name))
        {
            return this;
        }

        foreach (var name in layer.DependsOn)
        {
            if (name != layer.Name && !_layers.ContainsKey(name))
            {
                throw new GraphException($"Layer '{layer.Name}' depends on '{name}', which this graph does not hold. Merge the graph that makes '{name}' first.");
            }
        }

        return new TaskGraph(_layers.Add(layer.Name, layer));
    }

    /// <summary>All layers of all graphs.</summary>
    public static TaskGraph Merge(params ReadOnlySpan<TaskGraph> graphs)
    {
        var all = Empty._layers;
        foreach (var graph in graphs)
        {
            all = all.Count == 0 ? graph._layers
                : graph._layers.Count == 0 || ReferenceEquals(all, graph._layers) ? all
                : Union(all, graph._layers);
        }

        return new TaskGraph(all);
    }

    /// <summary>The layer of that name, or null.</summary>
    public TaskLayer? Find(string layer) => _layers.GetValueOrDefault(layer);

    /// <summary>The node of a key.</summary>
    /// <exception cref="GraphException">No such layer, or no such place in it.</exception>
    public TaskNode this[TaskKey key] =>
        !_layers.TryGetValue(key.Layer, out var layer) ? throw new GraphException($"Nothing makes '{key}': the graph has no layer '{key.Layer}'.")
        : (uint)key.Index >= (uint)layer.Count ? throw new GraphException($"Nothing makes '{key}': layer '{key.Layer}' has {layer.Count} values, from [0] to [{layer.Count - 1}].")
        : layer.Node(key.Index);

    /// <summary>This graph and layers whose dependencies the caller checks.</summary>
    internal TaskGraph WithUnchecked(IReadOnlyList<TaskLayer> layers) =>
        new(_layers.AddRange(layers.Select(layer => KeyValuePair.Create(layer.Name, layer))));

    private static ImmutableDictionary<string, TaskLayer> Union(ImmutableDictionary<string, TaskLayer> left, ImmutableDictionary<string, TaskLayer> right)
    {
        var (large, small) = left.Count >= right.Count ? (left, right) : (right, left);
        var union = large.ToBuilder();
        foreach (var (name, layer) in small)
        {
            union.TryAdd(name, layer);
        }

        return union.ToImmutable();
    }
}
