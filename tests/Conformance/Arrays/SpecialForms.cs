using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Operations that are no method of their name: indexing, conversion, tuples, facts about an array.</summary>
internal static class SpecialForms
{
    private delegate object? Form(List<object?> arguments, Dictionary<string, JsonElement> keywords);

    private static readonly Dictionary<string, Form> s_forms = new()
    {
        ["list"] = (a, _) => a.ToArray(),
        ["nth"] = (a, k) => Answer.Parts(a[0])[k["n"].GetInt32()],
        ["lit"] = (_, k) => Operation.Array0(new Weak(Values.Number(k["value"])), Values.Type(k["dtype"].GetString()!)),
        ["astype"] = (a, k) => ((DaskArray)a[0]!).AsType(Values.Type(k["dtype"].GetString()!)),
        ["chunks"] = (a, _) => ((DaskArray)a[0]!).Chunks,
        ["numblocks"] = (a, _) => ((DaskArray)a[0]!).NumBlocks,
        ["shape"] = (a, _) => ((DaskArray)a[0]!).Shape,
        ["ndim"] = (a, _) => ((DaskArray)a[0]!).Rank,
        ["size"] = (a, _) => ((DaskArray)a[0]!).Size,
        ["result_type"] = (a, _) => Values.Code(((DaskArray)Operation.Promote("", a).OfType<DaskArray>().First()).DType),
        ["getitem"] = (a, k) => Index(a[0], k["index"]),
        ["getitem_array"] = (a, _) => Typed.Call<DaskArray>(((DaskArray)a[0]!).DType, nameof(Typed.Positions), a[0], ((DaskArray)a[1]!).AsType<long>()),
        ["mask"] = (a, _) => Typed.Call<DaskArray>(((DaskArray)a[0]!).DType, nameof(Typed.Mask), a[0], a[1]),
        ["setitem"] = (a, k) => Operation.Apply("set_item", [a[0], Operation.AsType(Operation.Array0(a[1]!, ((DaskArray)a[0]!).DType), ((DaskArray)a[0]!).DType)], k),
        ["setitem_mask"] = (a, _) => Operation.Apply("set_item", [a[0], a[1], Operation.AsType(Operation.Array0(a[2]!, ((DaskArray)a[0]!).DType), ((DaskArray)a[0]!).DType)], []),
        ["einsum"] = (a, k) => MethodBinder.Call("Einsum", [], Named(("subscripts", k["subscripts"]), ("operands", Operation.Promote("", a).ToArray()))),
        ["map_blocks"] = (a, k) => Functions.Apply("map_blocks", a, k),
        ["blockwise"] = (a, k) => Functions.Apply("blockwise", a, k),
        ["map_overlap"] = (a, k) => Functions.Apply("map_overlap", a, k),
        ["apply_along_axis"] = (a, k) => Functions.Apply("apply_along_axis", a, k),
        ["apply_over_axes"] = (a, k) => Functions.Apply("apply_over_axes", a, k),
        ["apply_gufunc"] = (a, k) => Functions.Apply("apply_gufunc", a, k),
        ["coarsen"] = (a, k) => Functions.Apply("coarsen", a, k),
        ["reduction"] = (a, k) => Functions.Apply("reduction", a, k),
        ["piecewise"] = (a, k) => Functions.Piecewise((DaskArray)a[0]!, (object?[])a[1]!, k["funcs"]),
        ["select"] = (a, k) => Select(a, k),
        ["choose"] = (a, _) => MethodBinder.Call("Choose", [((DaskArray)a[0]!).AsType<long>(), Operation.Promote("", a[1..]).ToArray()], Named()),
        ["unravel_index"] = (a, k) => Operation.Apply("unravel_index ", [((DaskArray)a[0]!).AsType<long>()], k),
        ["ravel_multi_index"] = (a, k) => Operation.Apply("ravel_multi_index ", [((DaskArray)a[0]!).AsType<long>()], k),
        ["unique"] = (a, k) => Unique(a, k),
        ["quantile"] = (a, k) => Quantile("quantile ", a, k),
        ["percentile"] = (a, k) => Quantile("percentile ", a, k),
        ["take"] = (a, k) => Take(a, k),
        ["histogram"] = (a, k) => Operation.Apply("histogram ", a, Without(k, "density", JsonValueKind.False)),
        ["histogram_weights"] = (a, k) => Weighted(a, k),
        ["bincount_weights"] = (a, k) => Operation.Apply("bincount", [a[0], ((DaskArray)a[1]!).AsType<double>()], k),
        ["average"] = (a, k) => Operation.Apply("average ", a, Without(k, "returned", JsonValueKind.False)),
        ["ediff1d"] = (a, k) => MethodBinder.Call("EDiff1D", a, k.ToDictionary(p => p.Key == "to_begin" ? "toBegin" : "toEnd", p => (object?)Operation.Array0(new Weak(Values.Number(p.Value)), ((DaskArray)a[0]!).DType))),
        ["gradient"] = (a, k) => Gradient(a, k),
        ["insert"] = (a, k) => Insert(a, k),
        ["vindex"] = (a, k) => MethodBinder.Call("VIndex", [a[0]], new Dictionary<string, object?> { ["indices"] = k["indices"] }),
        ["arange"] = (_, k) => Range(k),
        ["linspace"] = (_, k) => DaskArray.Linspace(Number(k, "start"), Number(k, "stop"), k.TryGetValue("num", out var n) ? n.GetInt64() : 50, !k.TryGetValue("endpoint", out var e) || e.GetBoolean(), Chunks(k)).AsType(Type(k, DType.Float64)),
        ["zeros"] = (_, k) => Generic("Zeros", Type(k, DType.Float64), Shape(k), Chunks(k)),
        ["ones"] = (_, k) => Generic("Ones", Type(k, DType.Float64), Shape(k), Chunks(k)),
        ["full"] = (_, k) => Full(k),
        ["zeros_like"] = (a, k) => Generic("Zeros", Type(k, ((DaskArray)a[0]!).DType), Like(a), LikeChunks(a)),
        ["ones_like"] = (a, k) => Generic("Ones", Type(k, ((DaskArray)a[0]!).DType), Like(a), LikeChunks(a)),
        ["full_like"] = (a, k) => Generic("Full", Type(k, ((DaskArray)a[0]!).DType), Like(a), Values.Element(Values.Number(k["value"]), Type(k, ((DaskArray)a[0]!).DType)), LikeChunks(a)),
        ["eye"] = (_, k) => Generic("Eye", Type(k, DType.Float64), k["n"].GetInt64(), k.TryGetValue("m", out var m) ? m.GetInt64() : null, k.TryGetValue("k", out var d) ? d.GetInt32() : 0, Chunks(k)),
        ["tri"] = (_, k) => Generic("Tri", Type(k, DType.Float64), k["n"].GetInt64(), k.TryGetValue("m", out var m) ? m.GetInt64() : null, k.TryGetValue("k", out var d) ? d.GetInt32() : 0, Chunks(k)),
        ["indices"] = (_, k) => Generic("Indices", Type(k, DType.Int64), (Shape)Values.Lengths(k["dimensions"]), Chunks(k)),
        ["fromfunction"] = (_, k) => Functions.FromFunction(k["func"].GetString()!, Shape(k), Type(k, DType.Float64), Chunks(k)),
    };

    public static IEnumerable<string> Names => s_forms.Keys;

    public static bool TryApply(string operation, List<object?> arguments, Dictionary<string, JsonElement> keywords, out object? result)
    {
        result = null;
        if (!s_forms.TryGetValue(operation, out var form))
        {
            return false;
        }

        result = form(arguments, keywords);
        return true;
    }

    private static DaskArray Index(object? array, JsonElement items) =>
        Typed.Call<DaskArray>(((DaskArray)array!).DType, nameof(Typed.Index), array, items.EnumerateArray().Select(Arguments.Index).ToArray());

    private static object? Insert(List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        var array = (DaskArray)arguments[0]!;
        object positions = keywords["obj"].ValueKind == JsonValueKind.Number ? keywords["obj"].GetInt32() : keywords["obj"].EnumerateArray().Select(v => v.GetInt32()).ToArray();
        var json = keywords["values"];
        var values = json.ValueKind == JsonValueKind.Array
            ? Typed.Call<DaskArray>(array.DType, nameof(Typed.FromArray), Values.Data(json, array.DType), new[] { json.GetArrayLength() }, (ChunkSpec)(-1))
            : Operation.Array0(new Weak(Values.Number(json)), array.DType);
        return MethodBinder.Call("Insert", [array], new Dictionary<string, object?> { ["obj"] = positions, ["values"] = values, ["axis"] = keywords.TryGetValue("axis", out var axis) ? axis : null });
    }

    private static object? Select(List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        // The default is weak, as a bare number beside the choices is.
        List<object?> all = [.. (object?[])arguments[1]!, new Weak(keywords.TryGetValue("default", out var d) ? Values.Number(d) : 0L)];
        var choices = Operation.Promote("", all);
        var fallback = Answer.Scalar((DaskArray)choices[^1]!);
        return MethodBinder.Call("Select", [arguments[0], choices.Take(choices.Count - 1).ToArray()], Named(("default", fallback)));
    }

    private static object? Unique(List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        bool Asked(string name) => keywords.TryGetValue(name, out var v) && v.GetBoolean();
        if (!Asked("return_index") && !Asked("return_inverse") && !Asked("return_counts"))
        {
            return MethodBinder.Call("Unique", arguments, Named());
        }

        var parts = Answer.Parts(MethodBinder.Call("UniqueParts", arguments, Named()));
        return new object?[] { parts[0], Asked("return_index") ? parts[1] : null, Asked("return_inverse") ? parts[2] : null, Asked("return_counts") ? parts[3] : null }.Where(p => p is not null).ToArray();
    }

    /// <summary>The typed answer for integers is double, as linear interpolation needs; methods that pick an element go back.</summary>
    private static DaskArray Quantile(string operation, List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        var array = (DaskArray)arguments[0]!;
        var answer = (DaskArray)Operation.Apply(operation, arguments, keywords)!;
        return array.DType.IsInteger() && keywords.TryGetValue("method", out var m) && m.GetString() is "lower" or "higher" or "nearest" ? answer.AsType(array.DType) : answer;
    }

    private static object? Take(List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        var json = keywords["indices"];
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() == 0 || json[0].ValueKind != JsonValueKind.Array)
        {
            return Operation.Apply("take ", arguments, keywords);
        }

        var rows = json.EnumerateArray().Select(Values.Lengths).ToArray();
        var indices = NDArray.From(rows.SelectMany(r => r).ToArray(), rows.Length, rows[0].Length);
        return MethodBinder.Call("Take", [arguments[0], indices], Named(("axis", keywords.TryGetValue("axis", out var axis) ? axis : null)));
    }

    private static Dictionary<string, JsonElement> Without(Dictionary<string, JsonElement> keywords, string name, JsonValueKind kind) =>
        keywords.Where(k => k.Key != name || k.Value.ValueKind != kind).ToDictionary();

    private static object? Weighted(List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        var named = keywords.ToDictionary(k => k.Key, k => (object?)k.Value);
        named.TryAdd("density", false);
        named["weights"] = ((DaskArray)arguments[1]!).AsType<double>();
        return MethodBinder.Call("Histogram", [arguments[0]], named);
    }

    private static object? Gradient(List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        var named = keywords.Where(k => k.Key != "spacing").ToDictionary(k => k.Key == "edge_order" ? "edgeOrder" : k.Key, k => (object?)k.Value);
        if (keywords.TryGetValue("spacing", out var spacing) && spacing.ValueKind == JsonValueKind.Object)
        {
            named["coordinates"] = spacing.GetProperty("coords");
            return MethodBinder.Call("GradientAt", arguments, named);
        }

        if (keywords.ContainsKey("spacing"))
        {
            named["spacing"] = spacing;
        }

        var parts = Answer.Parts(MethodBinder.Call("Gradient", arguments, named));
        return parts.Count == 1 ? parts[0] : parts.ToArray();
    }

    private static Dictionary<string, object?> Named(params (string Name, object? Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value);

    private static double Number(Dictionary<string, JsonElement> keywords, string name) => Values.Float(keywords[name]);

    private static DType Type(Dictionary<string, JsonElement> keywords, DType otherwise) =>
        keywords.TryGetValue("dtype", out var code) && code.ValueKind == JsonValueKind.String ? Values.Type(code.GetString()!) : otherwise;

    private static ChunkSpec Chunks(Dictionary<string, JsonElement> keywords) =>
        keywords.TryGetValue("chunks", out var json) && Arguments.TryConvert(json, typeof(ChunkSpec), out var chunks) ? (ChunkSpec)chunks! : default;

    private static Shape Shape(Dictionary<string, JsonElement> keywords) => (Shape)Values.Lengths(keywords["shape"]);

    private static Shape Like(List<object?> arguments) => (Shape)((DaskArray)arguments[0]!).Shape.ToArray();

    private static ChunkSpec LikeChunks(List<object?> arguments) => ((DaskArray)arguments[0]!).Chunks.Select(c => c.ToArray()).ToArray();

    private static object? Full(Dictionary<string, JsonElement> keywords)
    {
        var value = Values.Number(keywords["value"]);
        var type = Type(keywords, value is bool ? DType.Bool : value is long ? DType.Int64 : DType.Float64);
        return Generic("Full", type, Shape(keywords), Values.Element(value, type), Chunks(keywords));
    }

    private static object? Range(Dictionary<string, JsonElement> keywords)
    {
        var parts = new[] { "start", "stop", "step" }.Select((n, i) => keywords.TryGetValue(n, out var v) ? Values.Number(v) : i == 2 ? 1L : 0L).ToArray();
        var type = Type(keywords, parts.All(p => p is long) ? DType.Int64 : DType.Float64);
        return Generic("Arange", type, [.. parts.Select(p => Values.Element(p, type)), Chunks(keywords)]);
    }

    /// <summary>A static generic method of DaskArray, for an element type known at run time.</summary>
    private static object? Generic(string name, DType type, params object?[] arguments) =>
        typeof(DaskArray).GetMethods().First(m => m.Name == name && m.IsGenericMethodDefinition && m.GetParameters().Length == arguments.Length)
            .MakeGenericMethod(type.ClrType()).Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
