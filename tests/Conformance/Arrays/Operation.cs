using System.Text;
using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Applies an operation through the method of its name; arrays of mixed types are promoted first, as NumPy does.</summary>
internal static class Operation
{
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["isnan"] = "IsNaN", ["isinf"] = "IsInf", ["isfinite"] = "IsFinite", ["isposinf"] = "IsPosInf", ["isneginf"] = "IsNegInf",
        ["isreal"] = "IsReal", ["iscomplex"] = "IsComplex", ["isclose"] = "IsClose", ["allclose"] = "AllClose", ["isin"] = "IsIn",
        ["arcsin"] = "ArcSin", ["arccos"] = "ArcCos", ["arctan"] = "ArcTan", ["arctan2"] = "ArcTan2", ["arcsinh"] = "ArcSinh",
        ["arccosh"] = "ArcCosh", ["arctanh"] = "ArcTanh", ["rad2deg"] = "Rad2Deg", ["deg2rad"] = "Deg2Rad", ["logaddexp"] = "LogAddExp",
        ["logaddexp2"] = "LogAddExp2", ["copysign"] = "CopySign", ["nextafter"] = "NextAfter", ["signbit"] = "SignBit",
        ["matmul"] = "MatMul", ["cumsum"] = "CumSum", ["cumprod"] = "CumProd", ["swapaxes"] = "SwapAxes", ["moveaxis"] = "MoveAxis",
        ["rollaxis"] = "RollAxis", ["flipud"] = "FlipUd", ["fliplr"] = "FlipLr", ["hstack"] = "HStack", ["vstack"] = "VStack", ["dstack"] = "DStack",
        ["nancumsum"] = "NanCumSum", ["nancumprod"] = "NanCumProd", ["topk"] = "TopK", ["argtopk"] = "ArgTopK", ["argmin"] = "ArgMin", ["argmax"] = "ArgMax",
        ["nansum"] = "NanSum", ["nanprod"] = "NanProd", ["nanmean"] = "NanMean", ["nanstd"] = "NanStd", ["nanvar"] = "NanVar",
        ["nanmin"] = "NanMin", ["nanmax"] = "NanMax", ["nanargmin"] = "NanArgMin", ["nanargmax"] = "NanArgMax", ["nanmedian"] = "NanMedian",
        ["tensordot"] = "TensorDot", ["vdot"] = "VDot", ["flatnonzero"] = "FlatNonZero", ["nonzero"] = "NonZero", ["count_nonzero"] = "CountNonZero",
        ["argwhere"] = "ArgWhere", ["searchsorted"] = "SearchSorted", ["bincount"] = "BinCount", ["bincount_weights"] = "BinCount",
        ["histogram_weights"] = "Histogram", ["average_weights"] = "Average", ["cov2"] = "Cov", ["corrcoef"] = "CorrCoef", ["clip_arrays"] = "Clip",
        ["meshgrid"] = "MeshGrid", ["fft.fft2"] = "Fft2", ["union1d"] = "Union1D", ["ediff1d"] = "EDiff1D", ["diff_ends"] = "Diff", ["atleast_1d"] = "AtLeast1D", ["atleast_2d"] = "AtLeast2D",
        ["atleast_3d"] = "AtLeast3D", ["histogram2d"] = "Histogram2D", ["linalg.lstsq"] = "Lstsq",
    };

    private static readonly Dictionary<string, string> s_keywords = new() { ["keepdims"] = "keepDims", ["split_every"] = "splitEvery" };

    /// <summary>Those that take their arrays as one list.</summary>
    private static readonly HashSet<string> s_lists = ["concatenate", "stack", "hstack", "vstack", "dstack", "broadcast_arrays", "meshgrid"];

    private static readonly HashSet<string> s_accumulating = ["sum", "prod", "mean", "std", "var", "cumsum", "cumprod", "nansum", "nanprod", "nancumsum", "nancumprod"];

    public static string MethodName(string operation) => s_names.TryGetValue(operation, out var name) || s_names.TryGetValue(operation[(operation.LastIndexOf('.') + 1)..], out name) ? name : Pascal(operation[(operation.LastIndexOf('.') + 1)..]);

    public static object? Apply(string operation, List<object?> arguments, Dictionary<string, JsonElement> keywords)
    {
        if (s_accumulating.Contains(operation) && keywords.TryGetValue("dtype", out var code))
        {
            // NumPy's dtype= of a reduction is AsType before it (and after, where ours widens further).
            var type = Values.Type(code.GetString()!);
            var rest = keywords.Where(k => k.Key != "dtype").ToDictionary();
            return ((DaskArray)Apply(operation, [((DaskArray)arguments[0]!).AsType(type)], rest)!).AsType(type);
        }

        var named = keywords.Where(k => !Ignored(operation, k.Key)).ToDictionary(k => s_keywords.GetValueOrDefault(k.Key, Camel(k.Key)), k => (object?)k.Value);
        if (named.TryGetValue("splitEvery", out var every) && every is JsonElement { ValueKind: JsonValueKind.Object } perAxis)
        {
            // Ours is one number for all axes together; it says how, not what.
            named["splitEvery"] = new Weak(perAxis.EnumerateObject().Max(m => m.Value.GetInt64()));
        }

        // A space at the end: the operation itself, called from its special form.
        operation = operation.TrimEnd();
        if ((named.ContainsKey("splitEvery") || named.ContainsKey("keepDims")) && !named.ContainsKey("axis") && !operation.Contains("arg", StringComparison.Ordinal) && !operation.EndsWith("norm", StringComparison.Ordinal))
        {
            named["axis"] = Axes.All;
        }

        var method = MethodName(operation);
        var promoted = Promote(operation, arguments);
        if (s_lists.Contains(operation))
        {
            promoted = [promoted.ToArray()];
        }

        return MethodBinder.Call(method, promoted, named);
    }

    /// <summary>Arrays widened to their common type; bare numbers become arrays of it.</summary>
    public static List<object?> Promote(string operation, List<object?> arguments)
    {
        var arrays = arguments.OfType<DaskArray>().ToList();
        if (arrays.Count == 0 || operation.StartsWith("ma.", StringComparison.Ordinal) || arguments.Count < 2 || operation is "ldexp" or "where" or "choose" or "bincount" or "bincount_weights" or "histogram_weights" or "mask" or "meshgrid" or "set_item" or "extract")
        {
            return operation == "where" && arguments.Count == 3
                ? [AsType(Array0(arguments[0]!, DType.Bool), DType.Bool), .. Promote("", arguments[1..])]
                : arguments;
        }

        var type = DTypes.Promote([.. arrays.Select(a => a.DType)]);
        foreach (var weak in arguments.OfType<Weak>())
        {
            type = weak.Value switch
            {
                double when !type.IsFloat() && type != DType.Complex128 => DType.Float64,
                long when type == DType.Bool => DType.Int64,
                _ => type,
            };
        }

        return [.. arguments.Select(a => a is DaskArray array ? AsType(array, type) : a is Weak number ? Array0(number, type) : a)];
    }

    public static DaskArray AsType(DaskArray array, DType type) => array.AsType(type);

    /// <summary>A number as an array without axes.</summary>
    public static DaskArray Array0(object value, DType type) => value as DaskArray
        ?? Typed.Call<DaskArray>(type, nameof(Typed.Scalar), Values.Element(((Weak)value).Value, type));

    private static bool Ignored(string operation, string keyword) =>
        (keyword == "method" && operation.Contains("cum", StringComparison.Ordinal)) || (keyword == "dtype" && operation == "map_blocks");

    private static string Pascal(string snake)
    {
        var text = new StringBuilder();
        foreach (var part in snake.Split('_'))
        {
            text.Append(char.ToUpperInvariant(part[0])).Append(part.AsSpan(1));
        }

        return text.ToString();
    }

    private static string Camel(string snake) => char.ToLowerInvariant(snake[0]) + Pascal(snake)[1..];
}
