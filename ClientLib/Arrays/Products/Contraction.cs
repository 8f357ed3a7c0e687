using System.Numerics;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.LinearAlgebra;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Products of two arrays summed over common axes: matrix products, tensordot, dot. An output block is one task that takes
/// the row of left blocks and the column of right blocks it needs, and adds their products up in place.
/// </summary>
internal static class Contraction
{
    /// <param name="left">Axes: batch…, own…, summed.</param>
    /// <param name="right">Axes: batch…, summed, own….</param>
    /// <param name="leftAxes">Summed axes of the left array.</param>
    /// <param name="rightAxes">The axes of the right array that they meet.</param>
    /// <param name="batch">How many leading axes both share, walked side by side.</param>
    public static Recipe Lower<T>(Recipe left, Recipe right, int[] leftAxes, int[] rightAxes, int batch)
        where T : unmanaged, INumberBase<T>
    {
        var leftChunks = (long[][])left.Chunks.Clone();
        var rightChunks = (long[][])right.Chunks.Clone();
        void Meet(int a, int b)
        {
            if (left.Shape[a] != right.Shape[b])
            {
                throw new ShapeException($"Shapes {Strided.Text(left.Shape)} and {Strided.Text(right.Shape)} don't multiply: axis {a} of the first has length {left.Shape[a]}, axis {b} of the second {right.Shape[b]}.");
            }

            leftChunks[a] = rightChunks[b] = Unify.Common([left.Chunks[a], right.Chunks[b]], a);
        }

        for (var i = 0; i < leftAxes.Length; i++)
        {
            Meet(leftAxes[i], rightAxes[i]);
        }

        for (var i = 0; i < batch; i++)
        {
            Meet(i, i);
        }

        var a = Rechunk.To(left, leftChunks).Materialize();
        var b = Rechunk.To(right, rightChunks).Materialize();
        int[] leftOwn = [.. Enumerable.Range(batch, left.Rank - batch).Where(x => !leftAxes.Contains(x))];
        int[] rightOwn = [.. Enumerable.Range(batch, right.Rank - batch).Where(x => !rightAxes.Contains(x))];
        long[][] chunks = [.. leftChunks.Take(batch), .. leftOwn.Select(x => leftChunks[x]), .. rightOwn.Select(x => rightChunks[x])];
        int[] counts = [.. leftAxes.Select(x => leftChunks[x].Length)];
        var terms = counts.Aggregate(1, (x, y) => x * y);
        return BlockMap.Lower("matmul", ArrayToken.Of(leftAxes, rightAxes, batch), left.Type, chunks, [a, b], position =>
        {
            var keys = new TaskKey[2 * terms];
            var place = new int[counts.Length];
            var (l, r) = (new int[left.Rank], new int[right.Rank]);
            for (var x = 0; x < batch; x++)
            {
                l[x] = r[x] = position[x];
            }

            for (var x = 0; x < leftOwn.Length; x++)
            {
                l[leftOwn[x]] = position[batch + x];
            }

            for (var x = 0; x < rightOwn.Length; x++)
            {
                r[rightOwn[x]] = position[batch + leftOwn.Length + x];
            }

            for (var term = 0; term < terms; term++)
            {
                for (var x = 0; x < place.Length; x++)
                {
                    l[leftAxes[x]] = r[rightAxes[x]] = place[x];
                }

                (keys[term], keys[terms + term]) = (a.Key(l), b.Key(r));
                Walk.Next(place, counts);
            }

            return keys;
        }, (blocks, _) => Block<T>(blocks, terms, leftAxes, rightAxes, leftOwn, rightOwn, batch), lends: true);
    }

    private static NDArray<T> Block<T>(NDArray[] blocks, int terms, int[] leftAxes, int[] rightAxes, int[] leftOwn, int[] rightOwn, int batch)
        where T : unmanaged, INumberBase<T>
    {
        NDArray first = blocks[0], second = blocks[terms];
        int[] stack = first.Dimensions[..batch];
        int[] shape = [.. stack, .. leftOwn.Select(x => first.Dimensions[x]), .. rightOwn.Select(x => second.Dimensions[x])];
        var result = new NDArray<T>(shape);
        result.Data.Clear();
        var many = Product(stack);
        var m = leftOwn.Aggregate(1, (p, x) => p * first.Dimensions[x]);
        var n = rightOwn.Aggregate(1, (p, x) => p * second.Dimensions[x]);
        int[] own = [.. Enumerable.Range(0, batch)];
        for (var term = 0; term < terms; term++)
        {
            var (l, r) = (blocks[term], blocks[terms + term]);
            var k = leftAxes.Aggregate(1, (p, x) => p * l.Dimensions[x]);
            if (k == 0 || m == 0 || n == 0)
            {
                continue;
            }

            var left = ((NDArray<T>)l.Transpose([.. own, .. leftOwn, .. leftAxes])).Span;
            var right = ((NDArray<T>)r.Transpose([.. own, .. rightAxes, .. rightOwn])).Span;
            for (var i = 0; i < many; i++)
            {
                MultiplyAdd(m, n, k, left.Slice(i * m * k, m * k), right.Slice(i * k * n, k * n), result.Data.Slice(i * m * n, m * n));
            }
        }

        return result;
    }

    private static void MultiplyAdd<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double) || typeof(T) == typeof(float) || typeof(T) == typeof(Complex))
        {
            DenseAlgebra<T>.Current.MultiplyAdd(m, n, k, a, k, b, n, c, n);
        }
        else
        {
            MatrixMultiply.AddPlain(m, n, k, a, k, b, n, c, n);
        }
    }

    private static int Product(int[] lengths) => lengths.Aggregate(1, (p, l) => p * l);
}
