using System.Globalization;

namespace Orleans.Dask;

/// <summary>Doubles. NaN is missing and the only form of missing, so that arithmetic needs no bitmap.</summary>
public sealed class Float64Column : Column<double>
{
    /// <summary>Takes the array over.</summary>
    /// <param name="values">Not changed afterwards by anyone.</param>
    public Float64Column(double[] values)
        : base(values, null)
    {
    }

    /// <inheritdoc/>
    public override ColumnType Type => ColumnType.Float64;

    /// <inheritdoc/>
    public override int MissingCount => Array.Count(double.IsNaN);

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(Array[row]);

    private protected override object Box(int row) => Array[row];

    internal override string Text(int row) => Array[row] switch
    {
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        var value => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private protected override Column<double> With(double[] values, ulong[]? valid) => new Float64Column(values);
}
