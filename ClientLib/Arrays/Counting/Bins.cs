using Orleans.Dask.Arrays.Kernels;

namespace Orleans.Dask.Arrays;

/// <summary>Which bin values fall into, by increasing edges; the last bin holds its right edge too.</summary>
internal static class Bins
{
    public static double[] Edges(int bins, double low, double high)
    {
        if (bins < 1)
        {
            throw new ArrayException($"{bins} bins can't be made. Pass 1 or more.");
        }

        if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
        {
            throw new ArrayException($"The range from {low} to {high} is none: its ends must be finite, the lower one first.");
        }

        if (low == high)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        var step = (high - low) / bins;
        return [.. Enumerable.Range(0, bins + 1).Select(i => i == bins ? high : low + (i * step))];
    }

    public static double[] Checked(double[] edges)
    {
        ArgumentNullException.ThrowIfNull(edges, "bins");
        for (var i = 1; i < edges.Length; i++)
        {
            if (!(edges[i] >= edges[i - 1]))
            {
                throw new ArrayException($"Bin edges must not fall, but {edges[i]} comes after {edges[i - 1]}. Sort them.");
            }
        }

        return edges.Length > 1 ? edges : throw new ArrayException("Bins need at least two edges.");
    }

    /// <summary>The bin of a value, or -1 outside.</summary>
    public static int Of(ReadOnlySpan<double> edges, double value) =>
        value == edges[^1] ? edges.Length - 2 : value >= edges[0] && value < edges[^1] ? BinarySearch.After(edges, value) - 1 : -1;
}
