using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>Where the smallest or largest element is: its value and position, the first of equal ones.</summary>
/// <remarks>Elements come by block, not by tile: a tile doesn't know where it stands.</remarks>
internal sealed unsafe class ArgReducer<T>(bool largest, bool skipNaN) : Reducer
    where T : unmanaged, INumber<T>
{
    public override DType Input => DTypes.Of<T>();

    public override DType Result => DType.Int64;

    public override string Token => ArrayToken.Of(largest, skipNaN);

    public override NDArray[] Start(int[] shape) => throw new NotSupportedException("Positions are found by block.");

    public override void Fold(byte* tile, byte** parts, long offset, int rows, int columns, long rowStep, long columnStep) =>
        throw new NotSupportedException("Positions are found by block.");

    /// <summary>Value and position per place; position -1 where a block had nothing to offer.</summary>
    /// <param name="block">The block.</param>
    /// <param name="axis">The axis, or null for all.</param>
    /// <param name="origin">Of the block.</param>
    /// <param name="whole">Shape of the array.</param>
    public NDArray[] Block(NDArray block, int? axis, long[] origin, long[] whole)
    {
        var values = ((NDArray<T>)Strided.Contiguous(block)).Span;
        var kept = (int[])block.Dimensions.Clone();
        int outer = 1, length = block.Size, inner = 1;
        if (axis is { } a)
        {
            outer = block.Dimensions.Take(a).Aggregate(1, (x, y) => x * y);
            inner = block.Dimensions.Skip(a + 1).Aggregate(1, (x, y) => x * y);
            length = block.Dimensions[a];
            kept[a] = 1;
        }
        else
        {
            Array.Fill(kept, 1);
        }

        NDArray<T> best = new(kept);
        NDArray<long> at = new(kept);
        best.Data.Clear();
        at.Data.Fill(-1);
        for (var o = 0; o < outer; o++)
        {
            for (var k = 0; k < length; k++)
            {
                var row = values.Slice(((o * length) + k) * inner, inner);
                for (var i = 0; i < inner; i++)
                {
                    var cell = (o * inner) + i;
                    if (!(skipNaN && T.IsNaN(row[i])) && (at.Data[cell] < 0 || Better(row[i], best.Data[cell])))
                    {
                        best.Data[cell] = row[i];
                        at.Data[cell] = k;
                    }
                }
            }
        }

        foreach (ref var position in at.Data)
        {
            position = position < 0 ? -1 : axis is { } along ? position + origin[along] : Flat(position, block.Dimensions, origin, whole);
        }

        return [best, at];
    }

    public override void Merge(NDArray[] into, NDArray[] from)
    {
        Span<T> best = ((NDArray<T>)into[0]).Data;
        var at = ((NDArray<long>)into[1]).Data;
        ReadOnlySpan<T> other = ((NDArray<T>)from[0]).Span;
        var otherAt = ((NDArray<long>)from[1]).Span;
        for (var i = 0; i < best.Length; i++)
        {
            if (otherAt[i] >= 0 && (at[i] < 0 || Better(other[i], best[i]) || (otherAt[i] < at[i] && !Better(best[i], other[i]))))
            {
                (best[i], at[i]) = (other[i], otherAt[i]);
            }
        }
    }

    public override NDArray Finish(NDArray[] parts) => ((NDArray<long>)parts[1]).Span.Contains(-1)
        ? throw new ArrayException("A slice holds only NaN, so it has no smallest or largest element. Use ArgMin or ArgMax, which give the first NaN.")
        : parts[1];

    private static long Flat(long local, int[] shape, long[] origin, long[] whole)
    {
        long flat = 0, step = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            (local, var place) = Math.DivRem(local, shape[axis]);
            flat += (place + origin[axis]) * step;
            step *= whole[axis];
        }

        return flat;
    }

    private bool Better(T x, T y) => T.IsNaN(y) ? false : T.IsNaN(x) || (largest ? x > y : x < y);
}
