using System.Globalization;
using System.Text.Json;

namespace Orleans.Dask.Conformance.Streams;

/// <summary>JSON values as .NET ones: integers are long, other numbers double, lists object?[]; and their text, in which equal values are equal.</summary>
internal static class Items
{
    public static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(member => member.Name, member => Value(member.Value)),
        _ => element.GetRawText().AsSpan().IndexOfAny(".eE") < 0 && element.TryGetInt64(out var integer) ? (object)integer : element.GetDouble(),
    };

    public static string Text(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        long integer => ((double)integer).ToString("R", CultureInfo.InvariantCulture),
        double number => (number + 0.0).ToString("R", CultureInfo.InvariantCulture),
        string text => JsonSerializer.Serialize(text),
        object?[] list => $"[{string.Join(',', list.Select(Text))}]",
        Dictionary<string, object?> map => $"{{{string.Join(',', map.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Text(member.Value)}"))}}}",
        _ => throw new ArgumentException($"{value.GetType()} is no JSON value."),
    };

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool truth => truth,
        long integer => integer != 0,
        double number => number != 0,
        string text => text.Length > 0,
        object?[] list => list.Length > 0,
        _ => true,
    };
}
