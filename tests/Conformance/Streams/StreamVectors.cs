using System.Text.Json;
using Orleans.Dask.Streams;

namespace Orleans.Dask.Conformance.Streams;

/// <summary>Builds the pipeline of a vector, plays its steps, and tells what arrived where and when.</summary>
internal sealed class StreamVectors
{
    private static readonly HashSet<string> s_operations = ["source", "map", "starmap", "filter", "remove", "accumulate", "zip", "union", "sink"];
    private static readonly HashSet<string> s_steps = ["emit", "connect", "disconnect"];

    private readonly Dictionary<string, StreamNode<object?>> _nodes = [];
    private readonly SortedDictionary<string, List<(object? Item, int Step)>> _sinks = new(StringComparer.Ordinal);
    private int _step = -1;

    /// <summary>Is everything built that the vector needs.</summary>
    public static bool IsBuilt(JsonElement vector) =>
        vector.GetProperty("nodes").EnumerateArray().All(node =>
            s_operations.Contains(node.GetProperty("op").GetString()!)
            && (!node.TryGetProperty("func", out var function) || function.ValueKind == JsonValueKind.Null || NamedFunctions.Knows(function.GetString()!)))
        && vector.GetProperty("steps").EnumerateArray().All(step => s_steps.Contains(step[0].GetString()!))
        && !vector.GetProperty("id").GetString()!.Contains("-grows-", StringComparison.Ordinal)
        && !vector.GetProperty("id").GetString()!.Contains("emit-in-the-middle", StringComparison.Ordinal);

    /// <summary>Everything that the vector's answer holds, as one text.</summary>
    public static string Expected(JsonElement vector)
    {
        var expect = vector.GetProperty("expect");
        var sinks = expect.GetProperty("sinks").EnumerateObject().OrderBy(sink => sink.Name, StringComparer.Ordinal)
            .Select(sink => $"{sink.Name}: {Items.Text(Items.Value(sink.Value))} at {Items.Text(Items.Value(expect.GetProperty("at").GetProperty(sink.Name)))}");
        return $"{string.Join("; ", sinks)}; raises {(expect.TryGetProperty("raises", out var raises) ? Items.Text(Items.Value(raises)) : "[]")}";
    }

    public string Play(JsonElement vector)
    {
        foreach (var node in vector.GetProperty("nodes").EnumerateArray())
        {
            Add(node);
        }

        var raises = new List<object?>();
        foreach (var step in vector.GetProperty("steps").EnumerateArray())
        {
            _step++;
            var first = _nodes[step[1].GetString()!];
            switch (step[0].GetString())
            {
                case "emit" when Failed(((StreamSource<object?>)first).EmitAsync, Items.Value(step[2])):
                    raises.Add((long)_step);
                    break;
                case "connect":
                    first.Connect((IStreamTarget<object?>)_nodes[step[2].GetString()!]);
                    break;
                case "disconnect":
                    first.Disconnect((IStreamTarget<object?>)_nodes[step[2].GetString()!]);
                    break;
            }
        }

        var sinks = _sinks.Select(sink => $"{sink.Key}: {Items.Text(sink.Value.Select(arrived => arrived.Item).ToArray())} at {Items.Text(sink.Value.Select(arrived => (object?)(long)arrived.Step).ToArray())}");
        return $"{string.Join("; ", sinks)}; raises {Items.Text(raises.ToArray())}";
    }

    /// <summary>An emit that waits (for the other side of a zip) has not failed.</summary>
    private static bool Failed(Func<object?, ValueTask> emit, object? item)
    {
        try
        {
            return emit(item).AsTask().IsFaulted;
        }
        catch (Exception)
        {
            return true;
        }
    }

    private void Add(JsonElement node)
    {
        var name = node.GetProperty("name").GetString()!;
        var function = node.TryGetProperty("func", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "identity";
        var arguments = node.TryGetProperty("args", out var given) ? (object?[])Items.Value(given)! : [];
        var upstreams = node.TryGetProperty("upstreams", out var listed) ? listed.EnumerateArray().ToArray() : [];
        StreamNode<object?> Upstream(int i) => _nodes[upstreams[i].GetString()!];
        switch (node.GetProperty("op").GetString())
        {
            case "source":
                _nodes[name] = new StreamSource<object?>(name);
                break;
            case "map":
                _nodes[name] = Upstream(0).Map(x => NamedFunctions.Call(function, [x, .. arguments]));
                break;
            case "starmap":
                _nodes[name] = Upstream(0).Map(x => NamedFunctions.Call(function, [.. (object?[])x!, .. arguments]));
                break;
            case "filter":
                _nodes[name] = Upstream(0).Filter(x => Items.IsTrue(NamedFunctions.Call(function, [x, .. arguments])));
                break;
            case "remove":
                _nodes[name] = Upstream(0).Filter(x => !Items.IsTrue(NamedFunctions.Call(function, x)));
                break;
            case "accumulate":
                _nodes[name] = Accumulate(Upstream(0), node, function);
                break;
            case "zip":
                _nodes[name] = Zip(upstreams);
                break;
            case "union":
                _nodes[name] = Upstream(0).Union([.. Enumerable.Range(1, upstreams.Length - 1).Select(Upstream)]);
                break;
            default:
                var arrived = _sinks[name] = [];
                Upstream(0).Sink(item => arrived.Add((item, _step)));
                break;
        }
    }

    private static StreamNode<object?> Accumulate(StreamNode<object?> source, JsonElement node, string function)
    {
        var returnsState = node.TryGetProperty("returns_state", out var returns) && returns.GetBoolean();
        if (!node.TryGetProperty("start", out var given))
        {
            return source.Accumulate((state, x) => NamedFunctions.Call(function, state, x));
        }

        var start = Items.Value(given);
        return returnsState
            ? source.Accumulate((object? state, object? x) => NamedFunctions.Call(function, state, x) is object?[] both ? (both[0], both[1]) : throw new InvalidOperationException(), start)
            : source.Accumulate((object? state, object? x) => NamedFunctions.Call(function, state, x), start);
    }

    /// <summary>Constants have their places among the sides.</summary>
    private StreamNode<object?> Zip(JsonElement[] upstreams)
    {
        var sides = upstreams.Where(side => side.ValueKind == JsonValueKind.String).Select(side => _nodes[side.GetString()!]).ToArray();
        return StreamOperators.ZipAll(sides).Map(row =>
        {
            var next = 0;
            return (object?)upstreams.Select(side => side.ValueKind == JsonValueKind.String ? row[next++] : Items.Value(side.GetProperty("literal"))).ToArray();
        });
    }
}
