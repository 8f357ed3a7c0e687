using System.Numerics;

namespace Orleans.Dask.Arrays.Kernels;

/// <summary>Positions in a sorted run; NaN counts as larger than everything.</summary>
internal static class BinarySearch
{
    public static NDArray Positions<T>(NDArray<T> sorted, NDArray<T> wanted, bool right)
        where T : unmanaged, INumber<T>
    {
        var result = new NDArray<long>(wanted.Dimensions);
        ReadOnlySpan<T> run = sorted.Span, values = wanted.Span;
        var target = result.Data;
        for (var i = 0; i < values.Length; i++)
        {
            target[i] = right ? After(run, values[i]) : Before(run, values[i]);
        }

        return result;
    }

    /// <summary>How many are less.</summary>
    public static int Before<T>(ReadOnlySpan<T> run, T value)
        where T : unmanaged, INumber<T>
    {
        int low = 0, high = run.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Less(run[middle], value))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>How many are less or equal.</summary>
    public static int After<T>(ReadOnlySpan<T> run, T value)
        where T : unmanaged, INumber<T>
    {
        int low = 0, high = run.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Less(value, run[middle]))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    public static bool Less<T>(T x, T y)
        where T : unmanaged, INumber<T> => x < y || (T.IsNaN(y) && !T.IsNaN(x));
}
