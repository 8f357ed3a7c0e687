namespace Orleans.Dask.Arrays;

/// <summary>Windows of the elements along axes: side by side, or one from every position.</summary>
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

    /// <summary>A window from every position that has one, as new last axes.</summary>
    public static Recipe Sliding(Recipe input, int[] windows, int[] axes)
    {
        ArgumentNullException.ThrowIfNull(windows);
        if (windows.Length != axes.Length)
        {
            throw new AxisException($"{windows.Length} window lengths for {axes.Length} axes. Pass one per axis.");
        }

        var lengths = Enumerable.Repeat(1, input.Rank).ToArray();
        for (var i = 0; i < axes.Length; i++)
        {
            var length = input.Shape[axes[i]];
            lengths[axes[i]] = length < 0 ? throw new ChunkException($"Axis {axes[i]} has chunks of unknown sizes. Call ComputeChunkSizesAsync first.")
                : windows[i] >= 1 && windows[i] <= length ? windows[i]
                : throw new ArrayException($"A window of {windows[i]} for axis {axes[i]} of length {length}. Pass 1 to {length}.");
        }

        // Each block takes what its last windows reach into as well.
        var chunks = new long[input.Rank][];
        var wide = new long[input.Rank][];
        var taken = new AxisIndex[input.Rank];
        for (var axis = 0; axis < input.Rank; axis++)
        {
            var reach = lengths[axis] - 1;
            var starts = new BlockGrid([input.Chunks[axis]]).Starts(0);
            var last = input.Shape[axis] - reach;
            var kept = Enumerable.Range(0, input.Chunks[axis].Length).Where(i => starts[i] < last || (last <= 0 && i == 0)).ToArray();
            chunks[axis] = reach == 0 ? input.Chunks[axis] : Array.ConvertAll(kept, i => Math.Min(starts[i + 1], last) - starts[i]);
            wide[axis] = reach == 0 ? input.Chunks[axis] : Array.ConvertAll(chunks[axis], c => c + reach);
            taken[axis] = reach == 0 ? AxisIndex.Whole(input.Shape[axis])
                : AxisIndex.Of([.. kept.SelectMany((i, k) => Enumerable.Range(0, (int)wide[axis][k]).Select(p => starts[i] + p))]);
        }

        var source = Gather.Lower(input.Materialize(), taken, wide, "sliding-window");
        long[][] result = [.. chunks, .. axes.Select(a => new[] { (long)lengths[a] })];
        return BlockMap.Lower("sliding-window-view", ArrayToken.Of(windows, axes), input.Type, result, [source], position => [source.Key(position.AsSpan(0, input.Rank))], (blocks, _) =>
        {
            var block = blocks[0];
            int[] shape = [.. block.Dimensions.Select((d, axis) => d - lengths[axis] + 1), .. axes.Select(a => lengths[a])];
            return block.View(shape, [.. block.Steps, .. axes.Select(a => block.Steps[a])], block.Offset);
        }, lends: true);
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
