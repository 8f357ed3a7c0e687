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

            // NaN sorts first in .NET.
            Array.Sort(row);
            var nans = 0;
            while (nans < length && double.IsNaN(row[nans]))
            {
                nans++;
            }

            var sorted = row.AsSpan(nans);
            for (var q = 0; q < quantiles.Length; q++)
            {
                result.Data[(q * places) + place] = sorted.IsEmpty || (nans > 0 && !skipNaN) ? double.NaN : At(sorted, quantiles[q], method);
            }
        }

        return result;
    }

    private static double At(ReadOnlySpan<double> sorted, double quantile, string method)
    {
        var index = quantile * (sorted.Length - 1);
        var below = (int)Math.Floor(index);
        var above = Math.Min(below + 1, sorted.Length - 1);
        var share = index - below;
        return method switch
        {
            "lower" => sorted[below],
            "higher" => sorted[(int)Math.Ceiling(index)],
            "nearest" => sorted[(int)Math.Round(index, MidpointRounding.ToEven)],
            "midpoint" => share == 0 ? sorted[below] : (sorted[below] / 2) + (sorted[above] / 2),
            _ => share == 0 ? sorted[below] : share < 0.5
                ? sorted[below] + ((sorted[above] - sorted[below]) * share)
                : sorted[above] - ((sorted[above] - sorted[below]) * (1 - share)),
        };
    }
}
