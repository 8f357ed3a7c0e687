using System.Globalization;

namespace Orleans.Dask;

/// <summary>64-bit integers. A missing one stays missing and makes no double of the column.</summary>
public sealed class Int64Column : Column<long>
{
    /// <summary>Takes the array over.</summary>
    /// <param name="values">Not changed afterwards by anyone.</param>
    /// <param name="valid">Bit row % 64 of word row / 64 is set where a value is present; null: everywhere.</param>
    public Int64Column(long[] values, ulong[]? valid = null)
        : base(values, valid)
    {
    }

    /// <inheritdoc/>
    public override ColumnType Type => ColumnType.Int64;

    private protected override object Box(int row) => Array[row];

    internal override string Text(int row) => Array[row].ToString(CultureInfo.InvariantCulture);

    private protected override Column<long> With(long[] values, ulong[]? valid) => new Int64Column(values, valid);
}
