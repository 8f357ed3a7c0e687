using System.Numerics;
using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>The named functions of the vectors, as a user would write them in C#.</summary>
internal static class Functions
{
    /// <summary>An index function.</summary>
    public static DaskArray FromFunction(string name, Shape shape, DType type, ChunkSpec chunks) => name switch
    {
        "sum_idx" => DaskArray.FromFunction(i => i.Sum(), shape, chunks).AsType(type),
        "prod_idx" => DaskArray.FromFunction(i => i.Aggregate(1L, (a, b) => a * b), shape, chunks).AsType(type),
        "first_minus_last" => DaskArray.FromFunction(i => i[0] - i[^1], shape, chunks).AsType(type),
        _ => DaskArray.FromFunction(i => i[0] == i[^1], shape, chunks),
    };

    /// <summary>An operation that takes a named function, for an element type known at run time.</summary>
    public static object? Apply(string operation, List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        var arrays = Operation.Promote("", arguments).OfType<DaskArray>().ToArray();
        return arrays[0].DType switch
        {
            DType.Float64 => Apply<double>(operation, Array.ConvertAll(arrays, a => (DaskArray<double>)a), keywords),
            DType.Float32 => Apply<float>(operation, Array.ConvertAll(arrays, a => (DaskArray<float>)a), keywords),
            DType.Int32 => Apply<int>(operation, Array.ConvertAll(arrays, a => (DaskArray<int>)a), keywords),
            _ => Apply<long>(operation, Array.ConvertAll(arrays, a => (DaskArray<long>)a), keywords),
        };
    }

    private static object? Apply<T>(string operation, DaskArray<T>[] x, Dictionary<string, JsonElement> k)
        where T : unmanaged, INumber<T>
    {
        var name = k.TryGetValue("func", out var func) && func.ValueKind == JsonValueKind.String ? func.GetString()! : "";
        switch (operation)
        {
            case "map_blocks":
                return MapBlocks(name, x, k);
            case "blockwise":
                var ins = k["ins"].EnumerateArray().Select(s => s.GetString()!).ToArray();
                var output = k["out"].GetString()!;
                return x.Length == 1
                    ? DaskArray.Blockwise(b => Blocks.Unary(name, b), output, x[0], ins[0])
                    : DaskArray.Blockwise((a, b) => Blocks.Binary(name, a, b), output, x[0], ins[0], x[1], ins[1]);
            case "map_overlap":
                var (depth, boundary) = Rims(x[0].Rank, k);
                return x[0].MapOverlap(b => Blocks.Neighbours(name, b), depth, boundary);
            case "apply_along_axis":
                var along = k["axis"].GetInt32();
                return name == "mean" ? x[0].ApplyAlongAxis(line => (NDArray<double>)line.ToArray().Average(v => double.CreateTruncating(v)), along)
                    : x[0].ApplyAlongAxis(line => Blocks.Line(name, line), along);
            case "apply_over_axes":
                return ApplyOverAxes(name, x[0], k["axes"].EnumerateArray().Select(v => v.GetInt32()).ToArray());
            case "apply_gufunc":
                var signature = k["signature"].GetString()!;
                return x.Length == 2 ? DaskArray.ApplyGufunc((a, b) => Blocks.Pairs(name, a, b), signature, x[0], x[1])
                    : name == "sum_last" ? DaskArray.ApplyGufunc(b => Blocks.SumLast(b), signature, x[0])
                    : DaskArray.ApplyGufunc(b => Blocks.OverLast(name, b.AsType<double>()), signature, x[0]);
            case "coarsen":
                var axes = k["axes"].EnumerateObject().ToDictionary(m => int.Parse(m.Name, System.Globalization.CultureInfo.InvariantCulture), m => m.Value.GetInt32());
                var trim = k.TryGetValue("trim_excess", out var t) && t.GetBoolean();
                return name == "mean" ? x[0].AsType<double>().Coarsen((b, over) => Blocks.Reduce("mean", b, over, keep: false), axes, trim)
                    : x[0].Coarsen((b, over) => Blocks.Reduce(name, b, over, keep: false), axes, trim);
            case "reduction":
                var over = k.TryGetValue("axis", out var axis) && Arguments.TryConvert(axis, typeof(Axes), out var converted) ? (Axes)converted! : default;
                var keep = k.TryGetValue("keepdims", out var dims) && dims.GetBoolean();
                var every = k.TryGetValue("split_every", out var split) ? split.GetInt32() : 8;
                var (chunk, aggregate) = (k["chunk"].GetString()!, k["aggregate"].GetString()!);
                return x[0].Reduction((b, a) => Blocks.Reduce(chunk, b, a, keep: true), (b, a) => Blocks.Reduce(aggregate, b, a, keep: true), over, keep, every);
            default:
                throw new MissingMethodException(operation);
        }
    }

    /// <summary>Piecewise is choices between the array's own values, mapped.</summary>
    public static object? Piecewise(DaskArray array, object?[] conditions, JsonElement functions) => array.DType switch
    {
        DType.Float64 => Piecewise((DaskArray<double>)array, conditions, functions),
        _ => Piecewise(array.AsType<long>(), conditions, functions),
    };

    private static DaskArray<T> Piecewise<T>(DaskArray<T> array, object?[] conditions, JsonElement functions)
        where T : unmanaged, INumber<T>
    {
        var choices = functions.EnumerateArray().Select(f => f.ValueKind == JsonValueKind.String
            ? Mapped(array, f.GetString()!) : (DaskArray<T>)T.CreateTruncating(f.GetDouble())).ToArray();
        var masks = conditions.Select(c => (DaskArray<bool>)c!).ToArray();
        var answer = DaskArray.Select(masks, [.. choices.Take(masks.Length)]);
        if (choices.Length == masks.Length)
        {
            return answer;
        }

        var none = !masks.Aggregate((a, b) => a | b);
        return DaskArray.Where(none, choices[^1], answer);
    }

    /// <summary>In a method of its own: its closure travels, and holds the name alone.</summary>
    private static DaskArray<T> Mapped<T>(DaskArray<T> array, string name)
        where T : unmanaged, INumber<T> => array.Map(v => Blocks.One(name, v));

    private static object? MapBlocks<T>(string name, DaskArray<T>[] x, Dictionary<string, JsonElement> k)
        where T : unmanaged, INumber<T>
    {
        ChunkSpec? chunks = k.TryGetValue("chunks", out var json) && Arguments.TryConvert(json, typeof(ChunkSpec), out var spec) ? (ChunkSpec?)(ChunkSpec)spec! : default(ChunkSpec?);
        var drop = k.TryGetValue("drop_axis", out var d) && Arguments.TryConvert(d, typeof(Axes), out var da) ? (Axes)da! : default;
        var fresh = k.TryGetValue("new_axis", out var n) && Arguments.TryConvert(n, typeof(Axes), out var na) ? (Axes)na! : default;
        var scale = T.CreateTruncating(k.TryGetValue("scale", out var s) ? s.GetDouble() : 1);
        var offset = T.CreateTruncating(k.TryGetValue("offset", out var o) ? o.GetDouble() : 0);
        if (x.Length == 2)
        {
            return x[0].MapBlocks(x[1], (a, b) => Blocks.Binary(name, a, b));
        }

        return name switch
        {
            "half" => x[0].MapBlocks(b => b.AsType<double>() * 0.5),
            "block_demean" => x[0].MapBlocks(b => b.AsType<double>() - b.ToArray().Average(v => double.CreateTruncating(v))),
            "affine" => x[0].MapBlocks(b => (b * scale) + offset),
            "block_index_add" => x[0].MapBlocks((b, position) => b + T.CreateTruncating(position.Sum())),
            _ => x[0].MapBlocks(b => Blocks.Whole(name, b), chunks, drop, fresh),
        };
    }

    private static (int[] Depth, Boundary[] Boundary) Rims(int rank, Dictionary<string, JsonElement> k)
    {
        var depth = new int[rank];
        var boundary = new Boundary[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            depth[axis] = k["depth"].ValueKind switch
            {
                JsonValueKind.Number => k["depth"].GetInt32(),
                JsonValueKind.Array => k["depth"][axis].GetInt32(),
                _ => k["depth"].TryGetProperty($"{axis}", out var own) ? own.GetInt32() : 0,
            };
            var edge = !k.TryGetValue("boundary", out var all) ? default : all.ValueKind == JsonValueKind.Object ? all.TryGetProperty($"{axis}", out var mine) ? mine : default : all;
            boundary[axis] = edge.ValueKind switch
            {
                JsonValueKind.String => edge.GetString()!,
                JsonValueKind.Number => edge.GetDouble(),
                _ => Boundary.None,
            };
        }

        return (depth, boundary);
    }

    private static DaskArray ApplyOverAxes<T>(string name, DaskArray<T> x, int[] axes)
        where T : unmanaged, INumber<T> => x switch
        {
            DaskArray<double> d => d.ApplyOverAxes((a, axis) => name == "sum" ? a.Sum(axis, true) : a.Max(axis, true), axes),
            DaskArray<long> l => l.ApplyOverAxes((a, axis) => name == "sum" ? a.Sum(axis, true) : a.Max(axis, true), axes),
            _ => throw new MissingMethodException(name),
        };
}
