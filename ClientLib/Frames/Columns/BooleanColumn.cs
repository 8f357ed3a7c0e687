namespace Orleans.Dask;

/// <summary>True or false, one byte a row: a mask is read more often than it is kept.</summary>
public sealed class BooleanColumn : Column<bool>
{
    /// <summary>Takes the array over.</summary>
    /// <param name="values">Not changed afterwards by anyone.</param>
    /// <param name="valid">Bit row % 64 of word row / 64 is set where a value is present; null: everywhere.</param>
    public BooleanColumn(bool[] values, ulong[]? valid = null)
        : base(values, valid)
    {
    }

    /// <inheritdoc/>
    public override ColumnType Type => ColumnType.Boolean;

    private protected override object Box(int row) => Array[row];

    internal override string Text(int row) => Array[row] ? "True" : "False";

    private protected override Column<bool> With(bool[] values, ulong[]? valid) => new BooleanColumn(values, valid);
}
