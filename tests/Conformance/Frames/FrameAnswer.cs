using System.Text.Json;

namespace Orleans.Dask.Conformance.Frames;

/// <summary>Compares an answer with the recorded one: null where they agree, else what differs.</summary>
internal static class FrameAnswer
{
    public static string? Difference(JsonElement vector, object answer)
    {
        var expect = vector.GetProperty("expect");
        var kind = expect.GetProperty("kind").GetString();
        if (answer is string text)
        {
            return text == (expect.TryGetProperty("value", out var value) ? value.GetRawText() : "") ? null : $"found {text}";
        }

        var tolerance = (Relative: Number(vector, "tol"), Absolute: Number(vector, "atol"));
        var index = expect.TryGetProperty("index", out var levels) ? levels.EnumerateArray().Select(level => FrameInput.Column(level)).ToArray() : null;
        var (wanted, found, labels) = (kind, answer) switch
        {
            ("frame", Frame frame) => (expect.GetProperty("columns").EnumerateArray().ToArray(), frame.Columns.Select(name => (Name: (string?)name, frame[name].Values)).ToArray(), frame.Index),
            ("series", Series series) => ([expect], [(series.Name, series.Values)], series.Index),
            _ => throw new NotBuiltException($"answer {kind}"),
        };
        var names = wanted.Select(column => column.GetProperty("name").ValueKind == JsonValueKind.Null ? null : column.GetProperty("name").ToString()).ToArray();
        if (!names.SequenceEqual(found.Select(column => column.Name)))
        {
            return $"columns {string.Join(',', found.Select(column => column.Name))}, expected {string.Join(',', names)}";
        }

        var expected = wanted.Select(FrameInput.Column).Concat(index ?? []).ToArray();
        var actual = found.Select(column => column.Values).Concat(index is null ? [] : labels.Levels).ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            // Missing values make doubles of pandas' integers, and objects of its truth values; ours stay what they are.
            if (expected[i].Type != actual[i].Type && !(actual[i].MissingCount > 0 && actual[i].Type is ColumnType.Int64 or ColumnType.Boolean))
            {
                return $"column {i} is of {actual[i].Type}, expected {expected[i].Type}";
            }

            if (expected[i].Length != actual[i].Length)
            {
                return $"{actual[i].Length} rows, expected {expected[i].Length}";
            }
        }

        var rows = Enumerable.Range(0, expected.Length == 0 ? 0 : expected[0].Length).ToList();
        foreach (var row in rows.ToArray())
        {
            // Rows in any order: the first not yet used that agrees.
            var anyOrder = expect.TryGetProperty("order", out var order) && order.GetString() == "any";
            var match = (anyOrder ? rows : [row]).FindIndex(candidate => Enumerable.Range(0, expected.Length).All(i => Agree(expected[i][row], actual[i][candidate], tolerance)));
            if (match < 0)
            {
                return $"row {row}: no agreement with {string.Join(", ", expected.Select(column => column[row] ?? "missing"))}; found {string.Join(", ", actual.Select(column => column[row] ?? "missing"))}";
            }

            if (anyOrder)
            {
                rows.RemoveAt(match);
            }
        }

        return null;
    }

    private static double Number(JsonElement vector, string name) => vector.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    private static bool Agree(object? expected, object? found, (double Relative, double Absolute) tolerance)
    {
        if (expected is long or double && found is long or double)
        {
            var (e, f) = (Convert.ToDouble(expected, null), Convert.ToDouble(found, null));
            return e == f || Math.Abs(f - e) <= tolerance.Absolute + (tolerance.Relative * Math.Abs(e));
        }

        return Equals(expected, found);
    }
}
