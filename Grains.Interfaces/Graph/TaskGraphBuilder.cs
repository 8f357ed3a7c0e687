namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Makes a graph of nodes that come one by one, in any order. What is wrong with them is said here and not when they run:
/// a key given twice by <see cref="Add"/>, loose ends and cycles by <see cref="Build"/>.
/// </summary>
/// <param name="upstream">A graph whose values the nodes may depend on; its layers become part of what is built.</param>
public sealed class TaskGraphBuilder(TaskGraph? upstream = null)
{
    private readonly TaskGraph _upstream = upstream ?? TaskGraph.Empty;
    private readonly Dictionary<string, Draft> _drafts = new(StringComparer.Ordinal);
    private Draft? _last;

    /// <summary>How many nodes were added.</summary>
    public int Count { get; private set; }

    /// <summary>Takes one node, in constant time.</summary>
    /// <exception cref="GraphException">Its key was added before, or belongs to a layer of the upstream graph.</exception>
    public TaskGraphBuilder Add(TaskNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var key = node.Key;
        var draft = _last is { } last && string.Equals(last.Name, key.Layer, StringComparison.Ordinal) ? last : Find(key);
        if (key.Index < 0)
        {
            throw new GraphException($"'{key}' has a negative index. Number the values of layer '{key.Layer}' from 0.");
        }

        ref var place = ref draft.Nodes.At(key.Index);
        if (place is not null)
        {
            throw new GraphException($"'{key}' was added twice. A key means one value: give the second node another index or layer name.");
        }

        place = node;
        draft.Count = Math.Max(draft.Count, key.Index + 1);
        Count++;
        foreach (var dependency in node.DependencyArray)
        {
            draft.NoteDependency(dependency.Layer);
        }

        return this;
    }

    /// <summary>The graph of all that was added, and of the upstream graph.</summary>
    /// <exception cref="GraphException">A key that nothing makes, or a cycle; the message shows the keys on the way round.</exception>
    public TaskGraph Build()
    {
        var layers = new List<ExplicitLayer>(_drafts.Count);
        foreach (var draft in _drafts.Values)
        {
            layers.Add(new ExplicitLayer(draft.Name, draft.Count, draft.DependsOn, draft.Nodes));
        }

        var graph = _upstream.WithUnchecked(layers);
        Flattener.Check(graph, layers, _upstream);
        // A built graph never changes: what is added later belongs to the next one.
        _drafts.Clear();
        _last = null;
        Count = 0;
        return graph;
    }

    private Draft Find(TaskKey key)
    {
        if (key.Layer is null)
        {
            throw new GraphException("A node's key has no layer name. Make keys as new TaskKey(\"name\", index).");
        }

        if (!_drafts.TryGetValue(key.Layer, out var draft))
        {
            if (_upstream.Find(key.Layer) is not null)
            {
                throw new GraphException($"'{key}' belongs to layer '{key.Layer}', which the upstream graph holds already. A key means one value: name the new layer otherwise.");
            }

            draft = new Draft(key.Layer);
            _drafts.Add(key.Layer, draft);
        }

        return _last = draft;
    }

    private sealed class Draft(string name)
    {
        private string? _first;
        private HashSet<string>? _more;

        public string Name { get; } = name;

        public PagedArray<TaskNode> Nodes { get; } = new();

        public int Count { get; set; }

        public IReadOnlyCollection<string> DependsOn => _more is not null ? _more : _first is not null ? [_first] : [];

        public void NoteDependency(string layer)
        {
            // Like nodes depend on like layers: nearly always the one just seen.
            if (string.Equals(_first, layer, StringComparison.Ordinal))
            {
                return;
            }

            if (_first is not null)
            {
                (_more ??= new HashSet<string>(StringComparer.Ordinal) { _first }).Add(layer);
            }

            _first = layer;
        }
    }
}
