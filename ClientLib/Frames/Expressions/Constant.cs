using System.Globalization;

namespace Orleans.Dask.Frames;

/// <summary>One value for all rows: <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <see cref="DateTime"/> or <see cref="bool"/>.</summary>
internal sealed class Constant : ColumnExpression
{
    public Constant(object value)
    {
        Value = value;
        Type = value switch
        {
            long => ColumnType.Int64,
            double => ColumnType.Float64,
            string => ColumnType.String,
            DateTime => ColumnType.Timestamp,
            bool => ColumnType.Boolean,
            _ => throw new FrameException($"A {value.GetType().Name} cannot stand beside a column. Use long, double, string, DateTime or bool."),
        };
    }

    public object Value { get; }

    public ColumnType Type { get; }

    public override ColumnType TypeIn(FrameSchema schema) => Type;

    public override Column Evaluate(Frame rows) => Value switch
    {
        long value => new Int64Column(Filled(value, rows.Length)),
        double value => new Float64Column(Filled(value, rows.Length)),
        DateTime value => new TimestampColumn(Filled(Timestamps.FromDateTime(value), rows.Length)),
        bool value => new BooleanColumn(Filled(value, rows.Length)),
        _ => StringColumn.From([.. Enumerable.Repeat((string)Value, rows.Length)]),
    };

    public override void CollectColumns(ISet<string> names)
    {
        // Reads nothing.
    }

    public override string ToString() => Value switch
    {
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        double value => value.ToString("R", CultureInfo.InvariantCulture) + "d",
        DateTime time => time.Ticks.ToString(CultureInfo.InvariantCulture) + "t",
        var value => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static T[] Filled<T>(T value, int length)
    {
        var values = new T[length];
        Array.Fill(values, value);
        return values;
    }
}
