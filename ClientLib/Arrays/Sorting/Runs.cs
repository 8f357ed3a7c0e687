using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>Sorts and merges runs in memory, by <see cref="NumpyOrder"/>; equal values keep their order.</summary>
internal static class Runs
{
    /// <summary>Sorts values in place.</summary>
    public static void Sort<T>(Span<T> values)
        where T : unmanaged
    {
        if (typeof(T) == typeof(Complex))
        {
            values.Sort(NumpyOrder.Compare);
            return;
        }

        values.Sort();
        NaNLast(values, []);
    }

    /// <summary>Sorts values in place, and their positions with them. The positions come ascending, so that order among equal values can be told by them.</summary>
    public static void Sort<T>(Span<T> values, Span<long> positions)
        where T : unmanaged
    {
        if (typeof(T) == typeof(Complex))
        {
            values.Sort(positions, NumpyOrder.Compare);
        }
        else
        {
            values.Sort(positions);
            NaNLast(values, positions);
        }

        // .NET's sort is not stable: put equal values back in the order of their positions.
        for (var start = 0; start < values.Length;)
        {
            var end = start + 1;
            while (end < values.Length && !NumpyOrder.Less(values[start], values[end]))
            {
                end++;
            }

            if (end - start > 1)
            {
                positions[start..end].Sort();
            }

            start = end;
        }
    }

    /// <summary>
    /// One run of several that lie one after the other: neighbours are merged until one is left. Of equal values those of the
    /// earlier run come first.
    /// </summary>
    /// <param name="values">The runs; their memory is used.</param>
    /// <param name="positions">What goes along with each value; null for nothing. Its memory is used too.</param>
    /// <param name="ends">Where each run ends.</param>
    public static (NDArray<T> Values, NDArray<long>? Positions) Merge<T>(NDArray<T> values, NDArray<long>? positions, List<int> ends)
        where T : unmanaged
    {
        if (ends.Count < 2)
        {
            return (values, positions);
        }

        var (spare, sparePositions) = (new NDArray<T>(values.Dimensions), positions is null ? null : new NDArray<long>(positions.Dimensions));
        while (ends.Count > 1)
        {
            var next = new List<int>((ends.Count + 1) / 2);
            for (var i = 0; i < ends.Count; i += 2)
            {
                var start = i == 0 ? 0 : ends[i - 1];
                var end = ends[Math.Min(i + 1, ends.Count - 1)];
                Merge(values.Data, positions is null ? [] : positions.Data, start, ends[i], end, spare.Data, sparePositions is null ? [] : sparePositions.Data);
                next.Add(end);
            }

            (values, spare, positions, sparePositions, ends) = (spare, values, sparePositions, positions, next);
        }

        Lent.Return(spare);
        if (sparePositions is not null)
        {
            Lent.Return(sparePositions);
        }

        return (values, positions);
    }

    private static void Merge<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> positions, int left, int right, int end, Span<T> target, Span<long> targetPositions)
        where T : unmanaged
    {
        var (a, b) = (left, right);
        for (var at = left; at < end; at++)
        {
            // The right one only when it is truly smaller: that keeps the order of equals.
            var from = b < end && (a >= right || NumpyOrder.Less(values[b], values[a])) ? b++ : a++;
            target[at] = values[from];
            if (positions.Length > 0)
            {
                targetPositions[at] = positions[from];
            }
        }
    }

    /// <summary>.NET sorts NaN first.</summary>
    private static void NaNLast<T>(Span<T> values, Span<long> positions)
        where T : unmanaged
    {
        var count = 0;
        while (count < values.Length && NumpyOrder.IsNaN(values[count]))
        {
            count++;
        }

        if (count == 0 || count == values.Length)
        {
            return;
        }

        Rotate(values, count);
        if (!positions.IsEmpty)
        {
            Rotate(positions, count);
        }
    }

    private static void Rotate<T>(Span<T> values, int count)
    {
        var first = values[..count].ToArray();
        values[count..].CopyTo(values);
        first.CopyTo(values[^count..]);
    }
}
