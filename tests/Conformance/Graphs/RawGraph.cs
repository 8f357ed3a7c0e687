using System.Collections.Concurrent;
using System.Text.Json;
using Orleans.Dask.Conformance.Streams;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Conformance.Graphs;

/// <summary>A graph of definitions by key, as nodes: each key is a layer, its tasks within tasks stand beside it under higher indices.</summary>
internal sealed class RawGraph
{
    private readonly List<TaskNode> _nodes = [];
    private int _nested;

    public RawGraph(JsonElement definitions)
    {
        foreach (var definition in definitions.EnumerateObject())
        {
            _nested = 0;
            Define(new TaskKey(definition.Name), definition.Value);
        }
    }

    /// <summary>How often each function ran.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    /// <summary>Per key, the keys that its definition refers to.</summary>
    public Dictionary<string, string[]> Dependencies() => _nodes.GroupBy(node => node.Key.Layer).ToDictionary(
        group => group.Key,
        group => group.SelectMany(node => node.Dependencies.ToArray()).Where(key => key.Index == 0).Select(key => key.Layer).Distinct().Order(StringComparer.Ordinal).ToArray());

    public TaskGraph Build()
    {
        var builder = new TaskGraphBuilder();
        _nodes.ForEach(node => builder.Add(node));
        return builder.Build();
    }

    private void Define(TaskKey key, JsonElement definition)
    {
        if (definition.ValueKind == JsonValueKind.Array)
        {
            var function = new GraphFunction(definition[0].GetString()!, Calls);
            var dependencies = new List<TaskKey>();
            var template = definition.EnumerateArray().Skip(1).Select(argument => Argument(key, argument, dependencies)).ToArray();
            _nodes.Add(new CallNode(key, function, [.. dependencies], template));
        }
        else if (IsReference(definition, out var target))
        {
            _nodes.Add(new AliasNode(key, target));
        }
        else
        {
            _nodes.Add(new DataNode(key, Items.Value(definition)));
        }
    }

    private object? Argument(TaskKey key, JsonElement argument, List<TaskKey> dependencies)
    {
        if (argument.ValueKind == JsonValueKind.Array)
        {
            var nested = new TaskKey(key.Layer, ++_nested);
            Define(nested, argument);
            dependencies.Add(nested);
        }
        else if (IsReference(argument, out var target))
        {
            dependencies.Add(target);
        }
        else
        {
            return Items.Value(argument);
        }

        return Input.At(dependencies.Count - 1);
    }

    private static bool IsReference(JsonElement element, out TaskKey target)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        target = new TaskKey(text.Length > 0 ? text[1..] : "");
        return text.StartsWith('$');
    }
}
