namespace Orleans.Dask.Arrays.Kernels;

/// <summary>Exact quantiles of rows.</summary>
internal static class Quantiles
{
    /// <param name="rows">(places, elements).</param>
    /// <param name="quantiles">In 0 to 1.</param>
    /// <param name="method">linear, lower, higher, nearest or midpoint: what to answer between two elements.</param>
    /// <param name="skipNaN">Leave NaN out; otherwise a row with NaN gives NaN.</param>
    /// <returns>(quantiles, places).</returns>
    public static NDArray<double> Run(NDArray<double> rows, double[] quantiles, string method, bool skipNaN)
    {
        int places = rows.Dimensions[0], length = rows.Dimensions[1];
        var values = rows.Span;
        var result = new NDArray<double>([quantiles.Length, places]);
        var row = new double[length];
        for (var place = 0; place < places; place++)
        {
            values.Slice(place * length, length).CopyTo(row);
            var sorted = Sorted(row);
            for (var q = 0; q < quantiles.Length; q++)
            {
                var (below, above) = Ranks(quantiles[q], sorted.Length);
                result.Data[(q * places) + place] = sorted.IsEmpty || (sorted.Length < length && !skipNaN) ? double.NaN
                    : Between(sorted[(int)below], sorted[(int)above], quantiles[q], sorted.Length, method);
            }
        }

        return result;
    }

    /// <summary>Sorts in place; the part that is not NaN.</summary>
    public static Span<double> Sorted(Span<double> row)
    {
        // NaN sorts first in .NET.
        row.Sort();
        var nans = 0;
        while (nans < row.Length && double.IsNaN(row[nans]))
        {
            nans++;
        }

        return row[nans..];
    }

    /// <summary>The elements, of so many in order, that a quantile lies between.</summary>
    public static (long Below, long Above) Ranks(double quantile, long length)
    {
        var below = (long)Math.Floor(quantile * (length - 1));
        return (Math.Max(0, below), Math.Max(0, Math.Min(below + 1, length - 1)));
    }

    /// <summary>The answer between two elements.</summary>
    public static double Between(double below, double above, double quantile, long length, string method)
    {
        var index = quantile * (length - 1);
        var share = index - Math.Floor(index);
        return method switch
        {
            "lower" => below,
            "higher" => share == 0 ? below : above,
            "nearest" => Math.Round(index, MidpointRounding.ToEven) == Math.Floor(index) ? below : above,
            "midpoint" => share == 0 ? below : (below / 2) + (above / 2),
            _ => share == 0 ? below : share < 0.5
                ? below + ((above - below) * share)
                : above - ((above - below) * (1 - share)),
        };
    }
}
