namespace Orleans.Dask.Arrays;

/// <summary>Which positions of one axis are taken: evenly spaced ones, or a list.</summary>
internal sealed record AxisIndex(long Start, long Step, long Count, long[]? List = null)
{
    public static AxisIndex Whole(long length) => new(0, 1, length);

    public static AxisIndex Of(long[] list) => new(0, 1, list.Length, list);

    /// <summary>The input position of output position <paramref name="i"/>.</summary>
    public long At(long i) => List is null ? Start + (i * Step) : List[i];

    public bool IsWhole(long length) => List is null && Start == 0 && Step == 1 && Count == length;
}

/// <summary>
/// An index worked out for a shape: per axis of the input what is taken, and per axis of the output where it comes from
/// (-1: a new axis). Positions drop their axis.
/// </summary>
internal sealed record IndexPlan(AxisIndex[] Axes, int[] Output)
{
    /// <exception cref="ArrayIndexException">Too many items, a position outside, or a mask of another length.</exception>
    public static IndexPlan Resolve(ReadOnlySpan<long> shape, ReadOnlySpan<IndexItem> items)
    {
        var used = 0;
        var ellipsis = -1;
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Kind == IndexItem.IndexKind.Ellipsis)
            {
                ellipsis = ellipsis < 0 ? i : throw new ArrayIndexException("An index holds one ellipsis at most. Remove the others.");
            }
            else if (items[i].Kind != IndexItem.IndexKind.NewAxis)
            {
                used++;
            }
        }

        if (used > shape.Length)
        {
            throw new ArrayIndexException($"{used} indices for an array of {shape.Length} axes, shape {Strided.Text(shape)}. Remove {used - shape.Length}.");
        }

        var axes = new List<AxisIndex>();
        var output = new List<int>();
        for (var i = 0; i <= items.Length; i++)
        {
            if (i == ellipsis || (i == items.Length && ellipsis < 0))
            {
                for (var rest = shape.Length - used; rest > 0; rest--)
                {
                    output.Add(axes.Count);
                    axes.Add(AxisIndex.Whole(shape[axes.Count]));
                }
            }
            else if (i < items.Length && items[i].Kind == IndexItem.IndexKind.NewAxis)
            {
                output.Add(-1);
            }
            else if (i < items.Length)
            {
                var axis = axes.Count;
                if (items[i].Kind != IndexItem.IndexKind.Position)
                {
                    output.Add(axis);
                }

                axes.Add(Resolve(items[i], axis, shape[axis]));
            }
        }

        return new IndexPlan([.. axes], [.. output]);
    }

    /// <summary>Positions from 0 for ones that may count from the end.</summary>
    public static long[] Checked(long[] positions, int axis, long length) => Array.ConvertAll(positions, p => Checked(p, axis, length));

    private static long Checked(long position, int axis, long length) => position >= -length && position < length
        ? position < 0 ? position + length : position
        : throw new ArrayIndexException($"Index {position} is outside axis {axis} of length {length}. Positions go from 0 to {length - 1}, or -{length} to -1 from the end.");

    private static AxisIndex Resolve(IndexItem item, int axis, long length)
    {
        if (length < 0)
        {
            return item.Kind == IndexItem.IndexKind.Slice && item.Slice == Slice.All ? AxisIndex.Whole(length)
                : throw new ChunkException($"Axis {axis} has chunks of unknown sizes, so positions along it are unknown. Call ComputeChunkSizesAsync first.");
        }

        switch (item.Kind)
        {
            case IndexItem.IndexKind.Position:
                return new AxisIndex(Checked(item.Position, axis, length), 1, 1);
            case IndexItem.IndexKind.Slice:
                var (start, step, count) = item.Slice.Resolve(length);
                return new AxisIndex(start, step, count);
            case IndexItem.IndexKind.Mask:
                var mask = item.Mask;
                return mask.Length == length ? AxisIndex.Of([.. Enumerable.Range(0, mask.Length).Where(i => mask[i]).Select(i => (long)i)])
                    : throw new ArrayIndexException($"A mask of {mask.Length} for axis {axis} of length {length}. Pass one truth value per position.");
            default:
                return AxisIndex.Of(Checked(item.Positions, axis, length));
        }
    }
}
