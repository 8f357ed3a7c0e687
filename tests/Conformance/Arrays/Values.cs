using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>A bare number in an expression; it takes the type of the arrays beside it.</summary>
public sealed record Weak(object Value);

/// <summary>Reads numbers and arrays as the vectors write them.</summary>
internal static class Values
{
    private static readonly string[] s_codes = ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c16"];

    public static DType Type(string code) => (DType)Array.IndexOf(s_codes, code);

    public static string Code(DType type) => s_codes[(int)type];

    public static double Float(JsonElement value) => value.ValueKind == JsonValueKind.String ? Float(value.GetString()!) : value.GetDouble();

    public static double Float(string text) => text switch
    {
        // NumPy's NaN has no minus sign; double.NaN has.
        "nan" => double.CopySign(double.NaN, 1),
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    /// <summary>true, 2 and 2.0 as bool, long and double.</summary>
    public static object Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => Float(value.GetString()!),
        _ => value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') ? value.GetDouble() : (object)value.GetInt64(),
    };

    /// <summary>A number as an element of a type.</summary>
    public static object Element(object value, DType type) => type switch
    {
        DType.Bool => Convert.ToDouble(value, CultureInfo.InvariantCulture) != 0,
        DType.Complex128 => value is Complex c ? c : new Complex(Convert.ToDouble(value, CultureInfo.InvariantCulture), 0),
        DType.Float32 => Convert.ToSingle(value, CultureInfo.InvariantCulture),
        DType.Float64 => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        DType.Float16 => (Half)Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => Convert.ChangeType(value, type.ClrType(), CultureInfo.InvariantCulture),
    };

    public static Array Data(JsonElement data, DType type)
    {
        var items = data.EnumerateArray().ToArray();
        var result = Array.CreateInstance(type.ClrType(), items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            result.SetValue(Item(items[i], type), i);
        }

        return result;
    }

    public static long[] Lengths(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetInt64())];

    /// <summary>1 where an element is hidden.</summary>
    public static bool[] Mask(JsonElement mask) => [.. mask.EnumerateArray().Select(v => v.GetInt32() != 0)];

    private static object Item(JsonElement value, DType type) => type switch
    {
        DType.Bool => value.GetBoolean(),
        DType.Float32 => value.ValueKind == JsonValueKind.String ? (float)Float(value) : value.GetSingle(),
        DType.Float64 => Float(value),
        DType.Float16 => (Half)Float(value),
        DType.Complex128 => new Complex(Float(value[0]), Float(value[1])),
        DType.UInt64 => value.GetUInt64(),
        _ => Convert.ChangeType(value.GetInt64(), type.ClrType(), CultureInfo.InvariantCulture),
    };
}
