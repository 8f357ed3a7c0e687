namespace Orleans.Dask.Arrays;

/// <summary>Sorts every line of a block along an axis.</summary>
internal static class SortLines
{
    /// <summary>The sorted values, or where they stood; of the block's shape.</summary>
    public static NDArray Run<T>(NDArray block, int axis, bool positions)
        where T : unmanaged
    {
        // Lines must lie in one piece: the axis goes last and comes back as a view.
        int[] order = [.. Enumerable.Range(0, block.Rank).Where(a => a != axis), axis];
        var lines = (NDArray<T>)Strided.Copy(block.Transpose(order));
        var length = block.Dimensions[axis];
        var places = positions ? new NDArray<long>(lines.Dimensions) : null;
        for (var start = 0; start < lines.Size; start += length)
        {
            var line = lines.Data.Slice(start, length);
            if (places is null)
            {
                Runs.Sort(line);
                continue;
            }

            var own = places.Data.Slice(start, length);
            Count(own, 0);
            Runs.Sort(line, own);
        }

        NDArray sorted = places is null ? lines : places;
        return sorted.Transpose([.. order.Select((_, a) => Array.IndexOf(order, a))]);
    }

    /// <summary>Fills with first, first + 1, ….</summary>
    public static void Count(Span<long> target, long first)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = first + i;
        }
    }
}
