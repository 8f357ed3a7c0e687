using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Turns keyword values into what parameters take, as C#'s implicit conversions would.</summary>
internal static class Arguments
{
    public static bool TryConvert(object? value, Type target, out object? result)
    {
        result = value;
        if (value is null or JsonElement { ValueKind: JsonValueKind.Null })
        {
            result = target.IsValueType && Nullable.GetUnderlyingType(target) is null ? Activator.CreateInstance(target) : null;
            return !target.IsValueType || Nullable.GetUnderlyingType(target) is not null || target == typeof(Axes);
        }

        if (target.IsInstanceOfType(value))
        {
            return true;
        }

        target = Nullable.GetUnderlyingType(target) ?? target;
        if (value is Weak weak)
        {
            return TryNumber(weak.Value, target, out result);
        }

        if (value is object?[] items && MethodBinder.ElementType(target) is { } element)
        {
            var array = Array.CreateInstance(element, items.Length);
            for (var i = 0; i < items.Length; i++)
            {
                if (!TryConvert(items[i], element, out var item))
                {
                    return false;
                }

                array.SetValue(item, i);
            }

            result = array;
            return true;
        }

        return value is JsonElement json && TryJson(json, target, out result);
    }

    /// <summary>An index item of the vectors.</summary>
    public static IndexItem Index(JsonElement item)
    {
        switch (item.ValueKind)
        {
            case JsonValueKind.Number:
                return item.GetInt64();
            case JsonValueKind.String:
                return item.GetString() == "..." ? IndexItem.Ellipsis : IndexItem.NewAxis;
            default:
                if (item.TryGetProperty("slice", out var slice))
                {
                    return new Slice(Long(slice[0]), Long(slice[1]), Long(slice[2]) ?? 1);
                }

                return item.TryGetProperty("ints", out var ints)
                    ? Values.Lengths(ints)
                    : item.GetProperty("bools").EnumerateArray().Select(b => b.GetBoolean()).ToArray();
        }
    }

    private static bool TryJson(JsonElement json, Type target, out object? result)
    {
        result = null;
        if (target == typeof(IndexItem[]))
        {
            result = json.EnumerateArray().Select(Index).ToArray();
            return true;
        }

        if (target == typeof(IndexItem))
        {
            if (json.ValueKind == JsonValueKind.Array)
            {
                result = (IndexItem)Values.Lengths(json);
                return true;
            }

            result = Index(json);
            return true;
        }

        if (target == typeof(ChunkSpec))
        {
            result = Chunks(json);
            return true;
        }

        if (target == typeof(Axes))
        {
            result = json.ValueKind == JsonValueKind.Null ? default(Axes)
                : json.ValueKind == JsonValueKind.Array ? (Axes)json.EnumerateArray().Select(v => v.GetInt32()).ToArray() : (Axes)json.GetInt32();
            return json.ValueKind is JsonValueKind.Null or JsonValueKind.Array or JsonValueKind.Number;
        }

        if (target == typeof(Shape))
        {
            result = json.ValueKind == JsonValueKind.Array ? (Shape)Values.Lengths(json) : (Shape)json.GetInt64();
            return true;
        }

        if (json.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        if (target.IsEnum && json.ValueKind == JsonValueKind.String)
        {
            return Enum.TryParse(target, json.GetString()!.Replace("_", "", StringComparison.Ordinal), true, out result);
        }

        if (target == typeof(DType) && json.ValueKind == JsonValueKind.String)
        {
            result = Values.Type(json.GetString()!);
            return true;
        }

        if (target == typeof(string))
        {
            result = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
            return result is not null;
        }

        if (target.IsGenericType && target.GetGenericTypeDefinition() == typeof(Dictionary<,>) && json.ValueKind == JsonValueKind.Object)
        {
            var map = (System.Collections.IDictionary)Activator.CreateInstance(target)!;
            foreach (var member in json.EnumerateObject())
            {
                if (!TryConvert(member.Value, target.GetGenericArguments()[1], out var item))
                {
                    return false;
                }

                map[int.Parse(member.Name, CultureInfo.InvariantCulture)] = item;
            }

            result = map;
            return true;
        }

        if (target.IsArray && json.ValueKind == JsonValueKind.Array)
        {
            return TryConvert(json.EnumerateArray().Select(v => (object?)v).ToArray(), target, out result);
        }

        if (target.IsGenericType && target.FullName!.StartsWith("System.ValueTuple`2", StringComparison.Ordinal) && json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 2)
        {
            var parts = target.GetGenericArguments();
            if (TryConvert(json[0], parts[0], out var first) && TryConvert(json[1], parts[1], out var second))
            {
                result = Activator.CreateInstance(target, first, second);
                return true;
            }

            return false;
        }

        if (json.ValueKind == JsonValueKind.String && json.GetString() is not ("nan" or "inf" or "-inf"))
        {
            return false;
        }

        return json.ValueKind != JsonValueKind.Array && json.ValueKind != JsonValueKind.Object && TryNumber(Values.Number(json), target, out result);
    }

    private static ChunkSpec Chunks(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Number)
        {
            return json.GetInt64();
        }

        if (json.ValueKind == JsonValueKind.Object)
        {
            return json.EnumerateObject().ToDictionary(m => int.Parse(m.Name, CultureInfo.InvariantCulture), m => Sizes(m.Value));
        }

        return json.EnumerateArray().Select(Sizes).ToArray();
    }

    private static long[] Sizes(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => [-1],
        JsonValueKind.Array => Values.Lengths(json),
        _ => [json.GetInt64()],
    };

    private static bool TryNumber(object number, Type target, out object? result)
    {
        result = null;
        if (typeof(DaskArray).IsAssignableFrom(target))
        {
            return false;
        }

        var kind = Type.GetTypeCode(target);
        if (target == typeof(Complex))
        {
            result = new Complex(Convert.ToDouble(number, CultureInfo.InvariantCulture), 0);
            return true;
        }

        if (kind is TypeCode.Object or TypeCode.String or TypeCode.DBNull || target.IsEnum)
        {
            return false;
        }

        if (number is double && kind is not (TypeCode.Double or TypeCode.Single))
        {
            return false;
        }

        if (kind == TypeCode.Boolean && number is not bool)
        {
            return false;
        }

        result = Convert.ChangeType(number, target, CultureInfo.InvariantCulture);
        return true;
    }

    private static long? Long(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetInt64();
}
