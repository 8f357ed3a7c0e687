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
        var positions = keywords["obj"].ValueKind == JsonValueKind.Number ? [keywords["obj"].GetInt32()] : keywords["obj"].EnumerateArray().Select(v => v.GetInt32()).ToArray();
        var json = keywords["values"];
        var values = json.ValueKind == JsonValueKind.Array
            ? Typed.Call<DaskArray>(array.DType, nameof(Typed.FromArray), Values.Data(json, array.DType), new[] { json.GetArrayLength() }, (ChunkSpec)(-1))
            : Operation.Array0(new Weak(Values.Number(json)), array.DType);
        return MethodBinder.Call("Insert", [array], new Dictionary<string, object?> { ["obj"] = positions, ["values"] = values, ["axis"] = keywords.TryGetValue("axis", out var axis) ? axis : null });
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
