using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>Distinct values of a run with first positions and counts; merged pairwise over chunks.</summary>
internal static class SortedUnique
{
    /// <summary>Parts of one block: values ascending, first positions (plus <paramref name="origin"/>), counts.</summary>
    public static NDArray[] Block<T>(NDArray block, long origin)
        where T : unmanaged
    {
        var values = ((NDArray<T>)block).Span.ToArray();
        var positions = new long[values.Length];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = origin + i;
        }

        // Equal values keep the order of their positions: ties are broken by them.
        Array.Sort(values, positions, Comparer<T>.Create(Order));
        return Fold<T>(values, positions, null);
    }

    public static NDArray[] Merge<T>(NDArray[][] parts)
        where T : unmanaged
    {
        T[] values = [.. parts.SelectMany(p => ((NDArray<T>)p[0]).ToArray())];
        long[] positions = [.. parts.SelectMany(p => ((NDArray<long>)p[1]).ToArray())];
        long[] counts = [.. parts.SelectMany(p => ((NDArray<long>)p[2]).ToArray())];
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort((T[])values.Clone(), order, Comparer<T>.Create(Order));
        return Fold<T>(Array.ConvertAll(order, i => values[i]), Array.ConvertAll(order, i => positions[i]), Array.ConvertAll(order, i => counts[i]));
    }

    /// <summary>Ascending; NaN last and all NaN alike.</summary>
    public static int Order<T>(T x, T y) => x switch
    {
        double a => Order(a, (double)(object)y!),
        float a => Order((double)a, (float)(object)y!),
        Complex a => Order(a.Real, ((Complex)(object)y!).Real) is not 0 and var real ? real : Order(a.Imaginary, ((Complex)(object)y!).Imaginary),
        _ => Comparer<T>.Default.Compare(x, y),
    };

    private static int Order(double x, double y) => double.IsNaN(x) ? double.IsNaN(y) ? 0 : 1 : double.IsNaN(y) ? -1 : x.CompareTo(y);

    private static NDArray[] Fold<T>(T[] values, long[] positions, long[]? counts)
        where T : unmanaged
    {
        var distinct = new List<T>();
        var first = new List<long>();
        var count = new List<long>();
        for (var i = 0; i < values.Length; i++)
        {
            if (distinct.Count == 0 || Order(distinct[^1], values[i]) != 0)
            {
                distinct.Add(values[i]);
                first.Add(positions[i]);
                count.Add(0);
            }

            first[^1] = Math.Min(first[^1], positions[i]);
            count[^1] += counts?[i] ?? 1;
        }

        return [new NDArray<T>([.. distinct], [distinct.Count]), new NDArray<long>([.. first], [first.Count]), new NDArray<long>([.. count], [count.Count])];
    }
}
