using System.Globalization;
using System.Text.Json;
using Orleans.Dask.Frames;

namespace Orleans.Dask.Conformance.Frames;

/// <summary>Frames and columns as vectors write them.</summary>
internal static class FrameInput
{
    public static ColumnType Type(string dtype) => dtype switch
    {
        "i8" => ColumnType.Int64,
        "f8" => ColumnType.Float64,
        "str" => ColumnType.String,
        "datetime" => ColumnType.Timestamp,
        "bool" => ColumnType.Boolean,
        _ => throw new NotBuiltException($"dtype {dtype}"),
    };

    public static DaskFrame Read(JsonElement input, Func<int[], int[]> cut)
    {
        if (input.TryGetProperty("index", out _))
        {
            throw new NotBuiltException("frames with labels");
        }

        var columns = input.GetProperty("columns").EnumerateArray().ToArray();
        var whole = new Frame([.. columns.Select(column => (column.GetProperty("name").GetString()!, Column(column)))]);
        var (parts, start) = (new List<Frame>(), 0);
        foreach (var length in cut([.. input.GetProperty("partitions").EnumerateArray().Select(rows => rows.GetInt32())]))
        {
            parts.Add(whole.Slice(start, length));
            start += length;
        }

        return DaskFrame.FromFrames([.. parts]);
    }

    public static Column Column(JsonElement column)
    {
        var data = column.GetProperty("data").EnumerateArray().ToArray();
        var valid = data.Any(IsNull) ? Validity.AllPresent(data.Length) : null;
        for (var row = 0; row < data.Length && valid is not null; row++)
        {
            if (IsNull(data[row]))
            {
                Validity.Clear(valid, row);
            }
        }

        return Type(column.GetProperty("dtype").GetString()!) switch
        {
            ColumnType.Int64 => new Int64Column([.. data.Select(value => IsNull(value) ? 0 : value.GetInt64())], valid),
            ColumnType.Float64 => new Float64Column([.. data.Select(Double)]),
            ColumnType.String => Dask.Column.Of([.. data.Select(value => value.GetString())]),
            ColumnType.Boolean => new BooleanColumn([.. data.Select(value => value.ValueKind == JsonValueKind.True)], valid),
            _ => new TimestampColumn([.. data.Select(value => IsNull(value) ? 0 : Time(value.GetString()!))], valid),
        };

        static bool IsNull(JsonElement value) => value.ValueKind == JsonValueKind.Null;
    }

    private static double Double(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.String => value.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN },
        _ => value.GetDouble(),
    };

    private static long Time(string text)
    {
        var parts = text.Split('.');
        var seconds = Timestamps.FromDateTime(DateTime.Parse(parts[0], CultureInfo.InvariantCulture));
        return parts.Length == 1 ? seconds : seconds + long.Parse(parts[1].PadRight(9, '0'), CultureInfo.InvariantCulture);
    }
}
