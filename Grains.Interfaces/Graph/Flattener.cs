namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Walks a graph depth first from the wanted keys and numbers what it meets, dependencies before dependants. This is the one
/// place where layers are turned into nodes.
/// </summary>
/// <remarks>
/// The walk keeps its own stack, for chains are long. A place's mark is 0 (not met), -1 (on the stack, so meeting it again
/// closes a cycle) or its id + 1. Finding a layer by its name costs a hash, so each layer remembers the two it last asked for.
/// </remarks>
internal sealed class Flattener(TaskGraph graph)
{
    private const int OnStack = -1;
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private Frame[] _stack = new Frame[64];
    private int _depth;
    private TaskNode[] _nodes = new TaskNode[64];
    private int[] _start = new int[65];
    private int[] _dependencies = new int[64];
    private int _count;
    private int _edges;

    public FlatGraph Flatten(IReadOnlyList<TaskKey> wanted)
    {
        var ids = new int[wanted.Count];
        var outside = new Place(null, isKnown: false);
        for (var i = 0; i < ids.Length; i++)
        {
            var key = wanted[i];
            var place = Find(outside, key, asker: null);
            var mark = place.Marks[key.Index];
            ids[i] = (mark > 0 ? mark : Visit(place, key.Index)) - 1;
        }

        Array.Resize(ref _nodes, _count);
        Array.Resize(ref _start, _count + 1);
        Array.Resize(ref _dependencies, _edges);
        return new FlatGraph(_nodes, _start, _dependencies, ids, isOrdered: false);
    }

    /// <summary>Looks at every node of the layers; the layers of <paramref name="known"/> were looked at when that graph was built.</summary>
    public static void Check(TaskGraph graph, IReadOnlyList<ExplicitLayer> layers, TaskGraph known)
    {
        var flattener = new Flattener(graph);
        foreach (var layer in known.Layers)
        {
            flattener._places.Add(layer.Name, new Place(layer, isKnown: true));
        }

        foreach (var layer in layers)
        {
            var place = flattener.Open(layer.Name)!;
            for (var index = 0; index < layer.Count; index++)
            {
                if (place.Marks[index] == 0 && layer.Has(index))
                {
                    flattener.Visit(place, index);
                }
            }
        }
    }

    /// <returns>The mark of the place, positive.</returns>
    private int Visit(Place start, int index)
    {
        var bottom = _depth;
        var mark = Meet(start, index);
        while (_depth > bottom)
        {
            ref var top = ref _stack[_depth - 1];
            var dependencies = top.Node.DependencyArray;
            if (top.Next == dependencies.Length)
            {
                _depth--;
                mark = Number(top.Place, top.Index, top.Node);
                continue;
            }

            var key = dependencies[top.Next++];
            var target = Find(top.Place, key, top.Node);
            var seen = target.Marks[key.Index];
            if (seen == 0 && !target.IsKnown)
            {
                Meet(target, key.Index);
            }
            else if (seen == OnStack)
            {
                throw Cycle(key);
            }
        }

        return mark;
    }

    /// <summary>Numbers a node without dependencies at once, puts any other on the stack.</summary>
    private int Meet(Place place, int index)
    {
        var node = place.Layer!.Node(index);
        if (node.DependencyArray.Length == 0)
        {
            return Number(place, index, node);
        }

        place.Marks.At(index) = OnStack;
        if (_depth == _stack.Length)
        {
            Array.Resize(ref _stack, _depth * 2);
        }

        _stack[_depth++] = new Frame { Place = place, Index = index, Node = node };
        return OnStack;
    }

    private int Number(Place place, int index, TaskNode node)
    {
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, _count * 2);
            Array.Resize(ref _start, (_count * 2) + 1);
        }

        var dependencies = node.DependencyArray;
        if (_edges + dependencies.Length > _dependencies.Length)
        {
            Array.Resize(ref _dependencies, Math.Max(_edges + dependencies.Length, _edges * 2));
        }

        foreach (ref readonly var key in dependencies.AsSpan())
        {
            _dependencies[_edges++] = Find(place, key, node).Marks[key.Index] - 1;
        }

        _nodes[_count++] = node;
        _start[_count] = _edges;
        return place.Marks.At(index) = _count;
    }

    private Place Find(Place from, in TaskKey key, TaskNode? asker)
    {
        Place place;
        if (from.Near is { } near && string.Equals(near.Layer!.Name, key.Layer, StringComparison.Ordinal))
        {
            place = near;
        }
        else if (from.Far is { } far && string.Equals(far.Layer!.Name, key.Layer, StringComparison.Ordinal))
        {
            place = far;
        }
        else
        {
            place = Open(key.Layer) ?? throw new GraphException($"Nothing makes '{key}'{Asked(asker)}: the graph has no layer '{key.Layer}'. Add its nodes, or merge the graph that has them.");
            (from.Near, from.Far) = (place, from.Near);
        }

        return (uint)key.Index < (uint)place.Count ? place
            : throw new GraphException($"Nothing makes '{key}'{Asked(asker)}: layer '{key.Layer}' has {place.Count} values, from [0] to [{place.Count - 1}].");
    }

    private Place? Open(string layer)
    {
        Place? place = null;
        if (layer is not null && !_places.TryGetValue(layer, out place) && graph.Find(layer) is { } found)
        {
            _places.Add(layer, place = new Place(found, isKnown: false));
        }

        return place;
    }

    private static string Asked(TaskNode? asker) => asker is null ? "" : $", which '{asker}' depends on";

    private GraphException Cycle(TaskKey closing)
    {
        const int shown = 12;
        var first = _depth - 1;
        while (_stack[first].Node.Key != closing)
        {
            first--;
        }

        var keys = _stack[first.._depth].Select(frame => $"'{frame.Node}'").ToList();
        if (keys.Count > shown)
        {
            var left = keys.Count - shown;
            keys.RemoveRange(shown - 1, left);
            keys.Insert(shown - 1, $"({left} more)");
        }

        return new GraphException($"The graph goes in a circle: {string.Join(" needs ", keys)} needs '{closing}'. A value cannot be made from itself: take one of these dependencies away.");
    }

    private sealed class Place(TaskLayer? layer, bool isKnown)
    {
        public TaskLayer? Layer { get; } = layer;

        public int Count { get; } = layer?.Count ?? 0;

        public bool IsKnown { get; } = isKnown;

        public PagedArray<int> Marks { get; } = new();

        public Place? Near { get; set; }

        public Place? Far { get; set; }
    }

    private struct Frame
    {
        public Place Place;
        public int Index;
        public TaskNode Node;
        public int Next;
    }
}
