using System.Numerics;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.LinearAlgebra;

namespace Orleans.Dask.Arrays;

/// <summary>
/// QR of a tall matrix by rows (Benson, Gleich, Demmel: direct TSQR). Each block of rows is factored by itself, the small R
/// factors are stacked and factored once more, and each block's Q is multiplied with its part of that second Q.
/// </summary>
/// <remarks>
/// <code>
///   A1   Q1 R1            R1                      Q = Q1 S1
///   A2 = Q2 R2    stack:  R2  = S R  (S = S1,S2)      Q2 S2
/// </code>
/// </remarks>
internal static class TallSkinny
{
    public static (SourceRecipe Q, SourceRecipe R) Qr<T>(Recipe matrix)
        where T : unmanaged, INumberBase<T>
    {
        var source = BlockMap.Whole(matrix, 1).Materialize();
        var (rows, columns) = (source.Chunks[0], source.Shape[1]);
        var rank = Math.Min(source.Shape[0], columns);
        var local = "qr-block-" + ArrayToken.Of(source.Layer);
        var stacked = "qr-stack-" + ArrayToken.Of(source.Layer);
        var factor = new KernelFunction("qr", arguments => Factor<T>((NDArray)arguments[0]!), lends: true);
        var join = new KernelFunction("qr-stack", arguments => Stack<T>(arguments), lends: true);
        var graph = source.Graph
            .With(new BlockLayer(local, rows.Length, [source.Layer], i => new CallNode(new TaskKey(local, i), factor, source.Key([i, 0]))))
            .With(new BlockLayer(stacked, 1, [local], _ => new CallNode(new TaskKey(stacked, 0), join, [.. Enumerable.Range(0, rows.Length).Select(i => new TaskKey(local, i))])));
        var (q, r) = ("qr-q-" + ArrayToken.Of(source.Layer), "qr-r-" + ArrayToken.Of(source.Layer));
        var multiply = new KernelFunction("qr-q", arguments => Part<T>((NDArray[])arguments[0]!, (NDArray[])arguments[1]!, (int)arguments[2]!), lends: true);
        var take = new KernelFunction("qr-r", arguments => ((NDArray[])arguments[0]!)[^1], lends: true);
        return (
            new SourceRecipe(source.Type, [rows, [rank]], q, graph.With(new BlockLayer(q, rows.Length, [local, stacked], i =>
                new CallNode(new TaskKey(q, i), multiply, [new TaskKey(local, i), new TaskKey(stacked, 0)], [Input.At(0), Input.At(1), i])))),
            new SourceRecipe(source.Type, [[rank], [columns]], r, graph.With(new BlockLayer(r, 1, [stacked], _ => new CallNode(new TaskKey(r, 0), take, new TaskKey(stacked, 0))))));
    }

    private static NDArray[] Factor<T>(NDArray block)
        where T : unmanaged, INumberBase<T>
    {
        int m = block.Dimensions[0], n = block.Dimensions[1], k = Math.Min(m, n);
        if (k == 0)
        {
            return [new NDArray<T>([m, 0]), new NDArray<T>([0, n])];
        }

        var (q, r) = DenseAlgebra<T>.Current.Qr(((NDArray<T>)block).Span, m, n);
        return [new NDArray<T>(q, [m, k]), new NDArray<T>(r, [k, n])];
    }

    /// <summary>The parts of the second Q, one per block, and R.</summary>
    private static NDArray[] Stack<T>(object?[] factors)
        where T : unmanaged, INumberBase<T>
    {
        var triangles = Array.ConvertAll(factors, f => ((NDArray[])f!)[1]);
        if (triangles.Length == 1)
        {
            return [triangles[0]];
        }

        var columns = triangles[0].Dimensions[1];
        var all = new NDArray<T>([triangles.Sum(t => t.Dimensions[0]), columns]);
        var row = 0;
        foreach (var triangle in triangles)
        {
            ((NDArray<T>)triangle).Span.CopyTo(all.Data[(row * columns)..]);
            row += triangle.Dimensions[0];
        }

        var second = Factor<T>(all);
        var parts = new NDArray[triangles.Length + 1];
        parts[^1] = second[1];
        row = 0;
        for (var i = 0; i < triangles.Length; i++)
        {
            var rows = triangles[i].Dimensions[0];
            parts[i] = Strided.Copy(Indexer.Take(second[0], [new AxisIndex(row, 1, rows), AxisIndex.Whole(second[0].Dimensions[1])]));
            row += rows;
        }

        return parts;
    }

    private static NDArray Part<T>(NDArray[] local, NDArray[] stacked, int block)
        where T : unmanaged, INumberBase<T> => stacked.Length == 1 ? local[0] : Dense.Multiply<T>(local[0], stacked[block]);
}
