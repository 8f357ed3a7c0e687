using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>The k largest along an axis: of each chunk first, then of what is left of all of them.</summary>
internal static class TopLayers
{
    public static Recipe Lower<T>(Recipe input, int k, int axis, bool positions)
        where T : unmanaged, INumber<T>
    {
        axis = Strided.Axis(axis, input.Rank);
        var source = BlockMap.Whole(input, axis);
        var chunks = (long[][])source.Chunks.Clone();
        chunks[axis] = [Math.Min(Math.Abs((long)k), input.Shape[axis])];
        return BlockMap.Each(positions ? "argtopk" : "topk", ArrayToken.Of(k, axis), positions ? DType.Int64 : input.Type, source, chunks, block => Block<T>(block, k, axis, positions));
    }

    private static NDArray Block<T>(NDArray block, int k, int axis, bool positions)
        where T : unmanaged, INumber<T>
    {
        var values = ((NDArray<T>)Strided.Contiguous(block)).Span;
        var own = block.Dimensions[axis];
        int[] shape = [.. block.Dimensions];
        shape[axis] = Math.Min(Math.Abs(k), own);
        NDArray<T> best = new(shape);
        NDArray<long> places = new(shape);
        var outer = block.Dimensions.Take(axis).Aggregate(1, (a, b) => a * b);
        var inner = block.Dimensions.Skip(axis + 1).Aggregate(1, (a, b) => a * b);
        var line = new T[own];
        var order = new int[own];
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
            {
                for (var n = 0; n < own; n++)
                {
                    line[n] = values[(((o * own) + n) * inner) + i];
                    order[n] = n;
                }

                Array.Sort(line, order, Comparer<T>.Create((x, y) => k > 0 ? SortedUnique.Order(y, x) : SortedUnique.Order(x, y)));
                for (var n = 0; n < shape[axis]; n++)
                {
                    var cell = (((o * shape[axis]) + n) * inner) + i;
                    (best.Data[cell], places.Data[cell]) = (line[n], order[n]);
                }
            }
        }

        return positions ? places : best;
    }
}
