using System.Globalization;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Drawing;

/// <summary>What stands for a node in a picture.</summary>
/// <param name="Label">First line: what is done.</param>
/// <param name="Detail">Second line: which of its kind.</param>
/// <param name="IsData">A value that is there, rather than one that is made.</param>
/// <param name="IsWanted">Asked for.</param>
/// <param name="Inputs">Places of the nodes it is made from, all before its own.</param>
internal sealed record DrawnNode(string Label, string Detail, bool IsData, bool IsWanted, int[] Inputs);

/// <summary>A graph reduced to what a picture shows, in topological order.</summary>
internal static class GraphDrawing
{
    private const int MostNodes = 2_000;

    /// <summary>A node a task, of those that will run.</summary>
    public static DrawnNode[] Tasks(TaskGraph graph, IReadOnlyList<TaskKey> wanted)
    {
        var flat = Optimizer.Run(graph, wanted);
        if (flat.Count > MostNodes)
        {
            throw new ArgumentException($"A picture of {flat.Count} tasks shows nothing; {MostNodes} are the most. Draw a node a layer instead: pass layers: true.");
        }

        var nodes = new DrawnNode[flat.Count];
        var asked = flat.Wanted.ToArray().ToHashSet();
        for (var id = 0; id < nodes.Length; id++)
        {
            var node = flat.Nodes[id];
            var label = node is CallNode call ? call.Function.Name : Bare(node.Key.Layer);
            nodes[id] = new DrawnNode(label, string.Create(CultureInfo.InvariantCulture, $"[{node.Key.Index}]"), node is DataNode or FutureNode, asked.Contains(id), [.. flat.Dependencies(id).ToArray().Distinct()]);
        }

        return nodes;
    }

    /// <summary>A node a layer.</summary>
    public static DrawnNode[] Layers(TaskGraph graph, IReadOnlyList<TaskKey> wanted)
    {
        var places = new Dictionary<string, int>();
        var nodes = new List<DrawnNode>();
        var asked = wanted.Select(key => key.Layer).ToHashSet();
        foreach (var name in asked)
        {
            Add(name);
        }

        return [.. nodes];

        int Add(string name)
        {
            if (places.TryGetValue(name, out var known))
            {
                return known;
            }

            var layer = graph.Find(name) ?? throw new GraphException($"Nothing makes '{name}': the graph has no such layer.");
            int[] inputs = [.. layer.DependsOn.Where(d => d != name).Distinct().Select(Add)];
            nodes.Add(new DrawnNode(Bare(name), layer.Count == 1 ? "1 task" : string.Create(CultureInfo.InvariantCulture, $"{layer.Count} tasks"),
                layer.Count > 0 && layer.Node(0) is DataNode or FutureNode, asked.Contains(name), inputs));
            return places[name] = nodes.Count - 1;
        }
    }

    /// <summary>Without the token of its content.</summary>
    private static string Bare(string layer) => layer.LastIndexOf('-') is > 0 and var end ? layer[..end] : layer;
}
