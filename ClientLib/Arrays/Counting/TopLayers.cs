using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>The k largest along an axis: of each block first, then of what is left of neighbours, in a tree.</summary>
internal static class TopLayers
{
    public static Recipe Lower<T>(Recipe input, int k, int axis, bool positions)
        where T : unmanaged, INumber<T>
    {
        axis = Strided.Axis(axis, input.Rank);
        if (input.Shape[axis] < 0)
        {
            throw new ChunkException($"Axis {axis} has chunks of unknown sizes. Call ComputeChunkSizesAsync first.");
        }

        var source = input.Materialize();
        var grid = source.Grid;
        var stages = new Stages(positions ? "argtopk" : "topk", ArrayToken.Of(k, axis), source);
        var top = stages.Add("block", grid.Count, [source.Layer], static (values, numbers) => Block<T>((NDArray)values[0]!, (int)numbers[0], (int)numbers[1], numbers[2]),
            i => [source.Key(i)], i => [k, axis, grid.Origin(grid.Position(i))[axis]]);
        var merged = AxisTree.Merge(stages, "merge", top, grid.Counts, axis, static (values, numbers) => Merge<T>(values, (int)numbers[0], (int)numbers[1]), [k, axis]);
        var chunks = (long[][])source.Chunks.Clone();
        chunks[axis] = [Math.Min(Math.Abs((long)k), input.Shape[axis])];
        var part = positions ? 1 : 0;
        var taken = stages.Add("take", grid.Count / grid.Counts[axis], [merged], static (values, numbers) => ((NDArray[])values[0]!)[numbers[0]], i => [new TaskKey(merged, i)], _ => [part]);
        return stages.Result(positions ? DType.Int64 : input.Type, chunks, taken);
    }

    private static NDArray[] Block<T>(NDArray block, int k, int axis, long origin)
        where T : unmanaged, INumber<T>
    {
        var places = new NDArray<long>([block.Dimensions[axis]]);
        SortLines.Count(places.Data, origin);
        int[] along = [.. Enumerable.Repeat(1, axis), places.Size, .. Enumerable.Repeat(1, block.Rank - axis - 1)];
        return Best<T>(block, Strided.Broadcast(places.Reshape(along), block.Dimensions), k, axis);
    }

    private static NDArray[] Merge<T>(object?[] parts, int k, int axis)
        where T : unmanaged, INumber<T>
    {
        NDArray Joined(int part)
        {
            NDArray[] blocks = [.. parts.Select(p => ((NDArray[])p!)[part])];
            var chunks = Array.ConvertAll(blocks[0].Dimensions, d => new[] { (long)d });
            chunks[axis] = [.. blocks.Select(b => (long)b.Dimensions[axis])];
            return Assembly.Join(new BlockGrid(chunks), blocks);
        }

        return Best<T>(Joined(0), Joined(1), k, axis);
    }

    /// <summary>The best of each line, and their places; of equal ones the first.</summary>
    private static NDArray[] Best<T>(NDArray block, NDArray places, int k, int axis)
        where T : unmanaged, INumber<T>
    {
        int[] order = [.. Enumerable.Range(0, block.Rank).Where(a => a != axis), axis];
        int[] back = [.. order.Select((_, a) => Array.IndexOf(order, a))];
        var values = ((NDArray<T>)block.Transpose(order)).Span;
        var where = ((NDArray<long>)places.Transpose(order)).Span;
        var length = block.Dimensions[axis];
        var count = Math.Min(Math.Abs(k), length);
        int[] shape = [.. order[..^1].Select(a => block.Dimensions[a]), count];
        NDArray<T> best = new(shape);
        NDArray<long> found = new(shape);
        var kept = new PriorityQueue<int, (T Value, long Place)>(count + 1, Comparer<(T Value, long Place)>.Create((x, y) => Before(x, y, k > 0) ? 1 : -1));
        for (var (from, to) = (0, 0); to < best.Size; (from, to) = (from + length, to + count))
        {
            for (var i = 0; i < length; i++)
            {
                var entry = (values[from + i], where[from + i]);
                if (kept.Count < count)
                {
                    kept.Enqueue(i, entry);
                }
                else if (kept.TryPeek(out _, out var worst) && Before(entry, worst, k > 0))
                {
                    kept.DequeueEnqueue(i, entry);
                }
            }

            for (var i = count - 1; i >= 0 && kept.TryDequeue(out _, out var entry); i--)
            {
                (best.Data[to + i], found.Data[to + i]) = entry;
            }
        }

        return [best.Transpose(back), found.Transpose(back)];
    }

    private static bool Before<T>((T Value, long Place) x, (T Value, long Place) y, bool largest)
        where T : unmanaged =>
        NumpyOrder.Less(x.Value, y.Value) ? !largest : NumpyOrder.Less(y.Value, x.Value) ? largest : x.Place < y.Place;
}
