using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>The element that stands for chunks that are not there, in JSON and in memory.</summary>
internal static class ZarrFill
{
    public static object Parse(JsonNode? node, NumpyType type, string file)
    {
        try
        {
            return node is null ? Constants.Convert(0, type.DType) : type.DType switch
            {
                DType.Bool => node.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => Double(node, type) != 0 },
                DType.Int8 => checked((sbyte)Integer(node)),
                DType.UInt8 => checked((byte)Integer(node)),
                DType.Int16 => checked((short)Integer(node)),
                DType.UInt16 => checked((ushort)Integer(node)),
                DType.Int32 => checked((int)Integer(node)),
                DType.UInt32 => checked((uint)Integer(node)),
                DType.Int64 => checked((long)Integer(node)),
                DType.UInt64 => checked((ulong)Integer(node)),
                DType.Float16 => (Half)Double(node, type),
                DType.Float32 => (float)Double(node, type),
                DType.Float64 => Double(node, type),
                _ => node is JsonArray { Count: 2 } parts ? new Complex(Double(parts[0], type), Double(parts[1], type)) : new Complex(Double(node, type), 0),
            };
        }
        catch (Exception e) when (e is System.FormatException or OverflowException or InvalidOperationException)
        {
            throw new ArrayFileException($"{file}: fill value {Shown(node)} is no {type.Name}.", e);
        }
    }

    public static JsonNode Write(object fill) => fill switch
    {
        bool truth => JsonValue.Create(truth),
        Half number => Real((double)number),
        float number => Real(number),
        double number => Real(number),
        Complex number => new JsonArray(Real(number.Real), Real(number.Imaginary)),
        ulong number => JsonValue.Create(number),
        _ => JsonValue.Create(Convert.ToInt64(fill, CultureInfo.InvariantCulture)),
    };

    private static JsonValue Real(double value) => double.IsFinite(value) ? JsonValue.Create(value)
        : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    /// <summary>A whole number, also where it is written as 0.0.</summary>
    private static Int128 Integer(JsonNode node)
    {
        var text = node.ToJsonString();
        return Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : double.Parse(text, CultureInfo.InvariantCulture) is var real && Math.Abs(real) < 1e18 && Math.Floor(real) == real ? (Int128)real
            : throw new System.FormatException("not a whole number");
    }

    private static double Double(JsonNode? node, NumpyType type)
    {
        if (node?.GetValueKind() == JsonValueKind.Number)
        {
            return double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
        }

        var text = (string?)node ?? throw new System.FormatException("not a number");
        return text switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ when text.StartsWith("0x", StringComparison.Ordinal) => Bits(ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), type),
            _ => throw new System.FormatException("not a number"),
        };
    }

    /// <summary>Version 3 may give the bits of a number that is not one.</summary>
    private static double Bits(ulong bits, NumpyType type) => type.Kind switch
    {
        "f2" => (double)BitConverter.UInt16BitsToHalf(checked((ushort)bits)),
        "f4" or "c8" => BitConverter.UInt32BitsToSingle(checked((uint)bits)),
        _ => BitConverter.UInt64BitsToDouble(bits),
    };

    private static string Shown(JsonNode? node) => node?.ToJsonString() is { } text ? text.Length <= 60 ? text : text[..60] + "…" : "null";
}
