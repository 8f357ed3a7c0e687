namespace Orleans.Dask.Arrays;

/// <summary>Distinct values of a run with first positions and counts.</summary>
internal static class SortedUnique
{
    /// <summary>Parts of one block: values ascending, first positions (plus <paramref name="origin"/>), counts.</summary>
    public static NDArray[] Block<T>(NDArray block, long origin)
        where T : unmanaged
    {
        var values = ((NDArray<T>)block).ToArray();
        var positions = new long[values.Length];
        SortLines.Count(positions, origin);
        Runs.Sort<T>(values, positions);
        return Fold(values, positions, null);
    }

    /// <summary>The parts of several blocks as one; blocks in order of their positions.</summary>
    public static NDArray[] Merge<T>(object?[] parts)
        where T : unmanaged
    {
        var all = Array.ConvertAll(parts, p => (NDArray[])p!);
        T[] values = [.. all.SelectMany(p => ((NDArray<T>)p[0]).ToArray())];
        long[] positions = [.. all.SelectMany(p => ((NDArray<long>)p[1]).ToArray())];
        long[] counts = [.. all.SelectMany(p => ((NDArray<long>)p[2]).ToArray())];
        var order = new long[values.Length];
        SortLines.Count(order, 0);
        var ends = new List<int>();
        foreach (var part in all)
        {
            ends.Add((ends.Count == 0 ? 0 : ends[^1]) + part[0].Size);
        }

        var (sorted, merged) = Runs.Merge<T>(values, order, ends);
        var from = merged!.ToArray();
        return Fold(sorted.ToArray(), Array.ConvertAll(from, i => positions[i]), Array.ConvertAll(from, i => counts[i]));
    }

    /// <summary>Equal values come in order of their positions, so the first is the first.</summary>
    private static NDArray[] Fold<T>(T[] values, long[] positions, long[]? counts)
        where T : unmanaged
    {
        var distinct = 0;
        var first = new long[values.Length];
        var count = new long[values.Length];
        var kept = new T[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (distinct == 0 || NumpyOrder.Less(kept[distinct - 1], values[i]))
            {
                (kept[distinct], first[distinct]) = (values[i], positions[i]);
                distinct++;
            }

            count[distinct - 1] += counts?[i] ?? 1;
        }

        return [(NDArray<T>)kept[..distinct], (NDArray<long>)first[..distinct], (NDArray<long>)count[..distinct]];
    }
}
