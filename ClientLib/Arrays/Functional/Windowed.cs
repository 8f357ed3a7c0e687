namespace Orleans.Dask.Arrays;

/// <summary>Windows that don't overlap.</summary>
internal static class Windowed
{
    public static Recipe Coarsen<T, TResult>(Recipe input, Func<NDArray<T>, int[], NDArray<TResult>> reduction, Dictionary<int, int> axes, bool trimExcess)
        where T : unmanaged
        where TResult : unmanaged
    {
        var windows = Enumerable.Repeat(1, input.Rank).ToArray();
        foreach (var (axis, length) in axes)
        {
            windows[Strided.Axis(axis, input.Rank)] = length > 0 ? length : throw new ArrayException($"A window of {length} holds nothing. Pass 1 or more.");
        }

        var trimmed = new AxisIndex[input.Rank];
        for (var axis = 0; axis < windows.Length; axis++)
        {
            var excess = input.Shape[axis] % windows[axis];
            trimmed[axis] = excess == 0 || trimExcess ? AxisIndex.Whole(input.Shape[axis] - excess)
                : throw new ArrayException($"Windows of {windows[axis]} don't fill axis {axis} of length {input.Shape[axis]}: {excess} are left over. Pass trimExcess: true to drop them.");
        }

        // Chunks end where windows end.
        var cut = Selection.Take(input, trimmed, "coarsen");
        var chunks = cut.Chunks.Select((sizes, axis) => Aligned(sizes, windows[axis])).ToArray();
        return BlockMap.Each("coarsen", ArrayToken.Unique(), DTypes.Of<TResult>(), Rechunk.To(cut, chunks), [.. chunks.Select((sizes, axis) => Array.ConvertAll(sizes, s => s / windows[axis]))], block =>
        {
            int[] split = [.. block.Dimensions.SelectMany((l, axis) => new[] { l / windows[axis], windows[axis] })];
            return reduction(((NDArray<T>)block).Reshape(split), [.. Enumerable.Range(0, block.Rank).Select(a => (2 * a) + 1)]);
        });
    }

    private static long[] Aligned(long[] sizes, int window)
    {
        var result = new List<long>();
        long open = 0;
        foreach (var size in sizes)
        {
            open += size;
            if (open >= window)
            {
                result.Add(open - (open % window));
                open %= window;
            }
        }

        return result.Count == 0 ? [0] : [.. result];
    }
}
