using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Operations of numpy.ma, "ma.*": operators and members of <see cref="DaskMaskedArray{T}"/>; all others go to the method of their name.</summary>
internal static class MaskedForms
{
    private static readonly Dictionary<string, string> s_operators = new()
    {
        ["add"] = "op_Addition", ["subtract"] = "op_Subtraction", ["multiply"] = "op_Multiply", ["divide"] = "op_Division", ["negative"] = "op_UnaryNegation",
        ["less"] = "op_LessThan", ["greater"] = "op_GreaterThan", ["less_equal"] = "op_LessThanOrEqual", ["greater_equal"] = "op_GreaterThanOrEqual",
    };

    public static bool TryApply(string operation, List<object?> arguments, Dictionary<string, JsonElement> keywords, out object? result)
    {
        result = null;
        if (!operation.StartsWith("ma.", StringComparison.Ordinal))
        {
            return false;
        }

        var name = operation[3..];
        if (s_operators.TryGetValue(name, out var method))
        {
            result = MethodBinder.Call(method, arguments, new Dictionary<string, object?>());
            return true;
        }

        var member = name is "filled" or "compressed" or "getmaskarray" or "getdata" or "reshape" or "transpose" or "getitem" or "astype" or "nonzero";
        if (member)
        {
            dynamic array = arguments[0]!;
            result = Member(name, array, arguments, keywords);
        }

        return member;
    }

    /// <summary>A masked input.</summary>
    public static object Make<T>(DaskArray data, DaskArray mask)
        where T : unmanaged => DaskArray.MaskedArray((DaskArray<T>)data, (DaskArray<bool>)mask);

    private static object Member<T>(string name, DaskMaskedArray<T> array, List<object?> arguments, Dictionary<string, JsonElement> keywords)
        where T : unmanaged => name switch
        {
            "filled" => array.Filled(arguments.Count > 1 ? (T)Values.Element(((Weak)arguments[1]!).Value, array.DType) : null),
            "compressed" => array.Compressed(),
            "getmaskarray" => array.GetMaskArray(),
            "getdata" => array.GetData(),
            "reshape" => array.Reshape(Values.Lengths(keywords["shape"])),
            "transpose" => array.Transpose(),
            "getitem" => array[[.. keywords["index"].EnumerateArray().Select(Arguments.Index)]],
            "astype" => array.AsType<float>(),
            _ => array.NonZero()[keywords["n"].GetInt32()],
        };
}
