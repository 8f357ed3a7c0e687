using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// QR by tiles (Buttari, Langou, Kurzak, Dongarra 2009): the diagonal tile becomes a triangle, which then takes up the tiles
/// below it, one at a time; each of these small orthogonal factors is applied to the two rows of tiles it concerns. Q is the
/// product of all of them, applied to the identity in reverse.
/// </summary>
/// <remarks>
/// <code>
///   k  ┌─R──┐            ┌─R'─┐     two tiles a task
///      ├────┤   = Q(i,k) ├────┤
///   i  │ A  │            │ 0  │
/// </code>
/// </remarks>
internal static class TileQr
{
    /// <summary>Q (rows, rank) and R (rank, columns) with rank the smaller of both lengths.</summary>
    public static (SourceRecipe Q, SourceRecipe R) Lower<T>(Recipe matrix, long leastTile)
        where T : unmanaged, INumberBase<T>
    {
        var (rows, columns) = Cuts(matrix, leastTile);
        var source = Rechunk.To(matrix, [rows, columns]).Materialize();
        var tiles = new TileGraph("qr", null, source);
        var a = TileGraph.Of(source);
        var (m, n, rank) = (rows.Length, columns.Length, Math.Min(rows.Length, columns.Length));
        var factors = new TaskKey[m, rank];
        for (var k = 0; k < rank; k++)
        {
            factors[k, k] = tiles.Call("factor", static (t, _) => Dense.FullQr<T>((NDArray)t[0]!), [a[k, k]]);
            a[k, k] = tiles.Call("triangle", static (t, _) => ((NDArray[])t[0]!)[1], [factors[k, k]]);
            for (var j = k + 1; j < n; j++)
            {
                a[k, j] = tiles.Call("apply", static (t, _) => Dense.Multiply<T>(Dense.Adjoint(((NDArray[])t[0]!)[0]), (NDArray)t[1]!), [factors[k, k], a[k, j]]);
            }

            for (var i = k + 1; i < m; i++)
            {
                factors[i, k] = tiles.Call("stack", static (t, _) => Dense.FullQr<T>(Dense.Stack<T>((NDArray)t[0]!, (NDArray)t[1]!)), [a[k, k], a[i, k]]);
                a[k, k] = tiles.Call("triangle", static (t, _) => ((NDArray[])t[0]!)[1], [factors[i, k]]);
                for (var j = k + 1; j < n; j++)
                {
                    TaskKey[] pair = [factors[i, k], a[k, j], a[i, j]];
                    a[k, j] = tiles.Call("pair", static (t, n) => Pair<T>(t, lower: n[0] == 1, adjoint: true), pair, 0);
                    a[i, j] = tiles.Call("pair", static (t, n) => Pair<T>(t, lower: n[0] == 1, adjoint: true), pair, 1);
                }
            }
        }

        var q = Identity<T>(tiles, rows, columns, rank);
        for (var k = rank - 1; k >= 0; k--)
        {
            for (var j = k; j < rank; j++)
            {
                for (var i = m - 1; i > k; i--)
                {
                    TaskKey[] pair = [factors[i, k], q[k, j], q[i, j]];
                    q[k, j] = tiles.Call("turn", static (t, n) => Pair<T>(t, lower: n[0] == 1, adjoint: false), pair, 0);
                    q[i, j] = tiles.Call("turn", static (t, n) => Pair<T>(t, lower: n[0] == 1, adjoint: false), pair, 1);
                }

                q[k, j] = tiles.Call("first", static (t, _) => Dense.Multiply<T>(((NDArray[])t[0]!)[0], (NDArray)t[1]!), [factors[k, k], q[k, j]]);
            }
        }

        long[] diagonal = rows.Length < columns.Length ? rows : columns[..rank];
        var upper = Enumerable.Range(0, rank).SelectMany(i => Enumerable.Range(0, n).Select(j => j < i ? tiles.Zero<T>(diagonal[i], columns[j]) : a[i, j])).ToArray();
        return (tiles.Result("q", source.Type, [rows, diagonal], TileGraph.All(q)), tiles.Result("r", source.Type, [diagonal, columns], upper));
    }

    /// <summary>One tile of a factor times two stacked ones.</summary>
    private static NDArray Pair<T>(object?[] tiles, bool lower, bool adjoint)
        where T : unmanaged, INumberBase<T>
    {
        var factor = ((NDArray[])tiles[0]!)[0];
        var (top, bottom) = ((NDArray)tiles[1]!, (NDArray)tiles[2]!);
        var (from, to) = lower ? (top.Dimensions[0], factor.Dimensions[0]) : (0, top.Dimensions[0]);
        var all = new AxisIndex(0, 1, factor.Dimensions[0]);
        var rows = new AxisIndex(from, 1, to - from);
        var part = adjoint ? Dense.Adjoint(Indexer.Take(factor, [all, rows])) : Indexer.Take(factor, [rows, all]);
        return Dense.Multiply<T>(part, Dense.Stack<T>(top, bottom));
    }

    private static TaskKey[,] Identity<T>(TileGraph tiles, long[] rows, long[] columns, int rank)
        where T : unmanaged, INumberBase<T>
    {
        var q = new TaskKey[rows.Length, rank];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rank; j++)
            {
                var width = Math.Min(columns[j], rows[j]);
                q[i, j] = i == j ? tiles.Call("one", static (_, n) => Dense.Identity<T>((int)n[0], (int)n[1]), [], rows[i], width) : tiles.Zero<T>(rows[i], width);
            }
        }

        return q;
    }

    /// <summary>Rows and columns cut alike as far as the shorter axis goes, so that tiles on the diagonal are square.</summary>
    private static (long[] Rows, long[] Columns) Cuts(Recipe matrix, long leastTile)
    {
        var (m, n) = (matrix.Shape[0], matrix.Shape[1]);
        long[] Tiles(int axis) => LinearLayers.Tiles(matrix.Chunks[axis], leastTile);
        long[] Longer(long[] common, long length, long[] own) => [.. common, .. WorkChunks.Joined([length], own.Max())];
        if (m >= n)
        {
            var common = Tiles(1);
            return (m == n ? common : Longer(common, m - n, Tiles(0)), common);
        }

        var square = Tiles(0);
        return (square, Longer(square, n - m, Tiles(1)));
    }
}
