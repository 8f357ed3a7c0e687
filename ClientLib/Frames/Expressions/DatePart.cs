namespace Orleans.Dask.Frames;

internal enum DateField
{
    Hour,
    Weekday,
}

/// <summary>A part of a point of time: the hour from 0 to 23, the weekday from Monday 0 to Sunday 6.</summary>
internal sealed class DatePart(DateField field, ColumnExpression time) : ColumnExpression
{
    public override ColumnType TypeIn(FrameSchema schema) => time.TypeIn(schema) is var type && type == ColumnType.Timestamp
        ? ColumnType.Int64
        : throw new FrameException($"{time} is a column of {type}; .Dt needs Timestamp. Name it in parseDates when reading it.");

    public override Column Evaluate(Frame rows)
    {
        var column = (TimestampColumn)time.Evaluate(rows);
        var values = column.Array;
        var parts = GC.AllocateUninitializedArray<long>(values.Length);

        for (var row = 0; row < parts.Length; row++)
        {
            var day = values[row] / Timestamps.PerDay;
            var sinceMidnight = values[row] - (day * Timestamps.PerDay);
            if (sinceMidnight < 0)
            {
                // Before 1970: the quotient was rounded up.
                sinceMidnight += Timestamps.PerDay;
                day--;
            }

            parts[row] = field == DateField.Hour ? sinceMidnight / Timestamps.PerHour : Timestamps.Modulo(day + 3, 7);
        }

        return new Int64Column(parts, column.Valid);
    }

    public override void CollectColumns(ISet<string> names) => time.CollectColumns(names);

    public override string ToString() => $"{field}({time})";
}
