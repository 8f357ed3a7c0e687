using Orleans.Dask.Frames;

namespace Orleans.Dask;

/// <summary>Nanoseconds since 1970-01-01T00:00, without a zone; from 1677-09-21 to 2262-04-11.</summary>
public sealed class TimestampColumn : Column<long>
{
    /// <summary>Takes the array over.</summary>
    /// <param name="values">Nanoseconds; not changed afterwards by anyone.</param>
    /// <param name="valid">Bit row % 64 of word row / 64 is set where a value is present; null: everywhere.</param>
    public TimestampColumn(long[] values, ulong[]? valid = null)
        : base(values, valid)
    {
    }

    /// <inheritdoc/>
    public override ColumnType Type => ColumnType.Timestamp;

    private protected override object Box(int row) => Timestamps.ToDateTime(Array[row]);

    internal override string Text(int row) => Timestamps.Text(Array[row]);

    private protected override Column<long> With(long[] values, ulong[]? valid) => new TimestampColumn(values, valid);
}
