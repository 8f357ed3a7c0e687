using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Factors and solutions of square matrices by tiles: the tasks of each, and the answers as arrays in the matrix's own chunks.</summary>
internal static class TiledAlgebra
{
    /// <summary>Smaller tiles are joined: below this a task costs more than its arithmetic.</summary>
    public const long LeastTile = 256;

    public static Recipe Cholesky<T>(Recipe matrix, bool lower, long leastTile = LeastTile)
        where T : unmanaged, INumberBase<T>
    {
        var (source, sizes) = Square<T>(matrix, "Cholesky", leastTile);
        var tiles = new TileGraph("cholesky", lower, source);
        var l = TileCholesky.Run<T>(tiles, TileGraph.Of(source), sizes);
        return Rechunk.To(tiles.Result("answer", matrix.Type, [sizes, sizes], TileGraph.All(lower ? l : Adjoint(tiles, l))), matrix.Chunks);
    }

    /// <summary>P, L, U with P L U the matrix.</summary>
    public static Recipe[] Lu<T>(Recipe matrix, long leastTile = LeastTile)
        where T : unmanaged, INumberBase<T>
    {
        var (source, sizes) = Square<T>(matrix, "Lu", leastTile);
        var tiles = new TileGraph("lu", null, source);
        var a = TileGraph.Of(source);
        var rows = TileLu<T>.Run(tiles, a, sizes, whole: true).Rows;
        var starts = new BlockGrid([sizes]).Starts(0);
        var n = sizes.Length;
        var (p, l, u) = (new TaskKey[n, n], new TaskKey[n, n], new TaskKey[n, n]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                p[i, j] = tiles.Call("permutation", static (t, n) => Permutation<T>((long[])t[0]!, n), [rows], starts[i], starts[i + 1], starts[j], starts[j + 1]);
                l[i, j] = i > j ? a[i, j] : i < j ? tiles.Zero<T>(sizes[i], sizes[j]) : tiles.Call("lower", static (t, _) => Dense.Triangle<T>((NDArray)t[0]!, lower: true), [a[i, i]]);
                u[i, j] = i < j ? a[i, j] : i > j ? tiles.Zero<T>(sizes[i], sizes[j]) : tiles.Call("upper", static (t, _) => Dense.Triangle<T>((NDArray)t[0]!, lower: false), [a[i, i]]);
            }
        }

        return [.. new[] { ("p", p), ("l", l), ("u", u) }.Select(part => Rechunk.To(tiles.Result(part.Item1, matrix.Type, [sizes, sizes], TileGraph.All(part.Item2)), matrix.Chunks))];
    }

    /// <summary>X with A X = B.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="right">B, with one axis or two.</param>
    /// <param name="form">"gen", "pos", "lower" or "upper".</param>
    /// <param name="leastTile">Smaller tiles are joined.</param>
    public static Recipe Solve<T>(Recipe matrix, Recipe right, string form, long leastTile = LeastTile)
        where T : unmanaged, INumberBase<T>
    {
        var (source, sizes) = Square<T>(matrix, form is "lower" or "upper" ? "SolveTriangular" : "Solve", leastTile);
        if (right.Rank is 0 or > 2 || right.Shape[0] != matrix.Shape[0])
        {
            throw new ShapeException($"A right side of shape {Strided.Text(right.Shape)} for a matrix of shape {Strided.Text(matrix.Shape)}. It needs {matrix.Shape[0]} rows.");
        }

        var columns = right.Rank == 2 ? right : Reshape.To(right, [right.Shape[0], 1]);
        var b = Rechunk.To(columns, [sizes, columns.Chunks[1]]).Materialize();
        var tiles = new TileGraph("solve", form, source, b);
        var (a, x) = (TileGraph.Of(source), TileGraph.Of(b));
        switch (form)
        {
            case "gen":
                var (n, width) = (sizes.Length, x.GetLength(1));
                var both = new TaskKey[n, n + width];
                for (var i = 0; i < n; i++)
                {
                    for (var j = 0; j < n + width; j++)
                    {
                        both[i, j] = j < n ? a[i, j] : x[i, j - n];
                    }
                }

                TileLu<T>.Run(tiles, both, sizes, whole: false);
                for (var i = 0; i < n; i++)
                {
                    for (var j = 0; j < width; j++)
                    {
                        x[i, j] = both[i, n + j];
                    }
                }

                TileTriangle.Solve<T>(tiles, both, x, lower: false);
                break;
            case "pos":
                var l = TileCholesky.Run<T>(tiles, a, sizes);
                TileTriangle.Solve<T>(tiles, l, x, lower: true);
                TileTriangle.Solve<T>(tiles, Adjoint(tiles, l), x, lower: false);
                break;
            default:
                TileTriangle.Solve<T>(tiles, a, x, form == "lower");
                break;
        }

        var answer = Rechunk.To(tiles.Result("answer", matrix.Type, b.Chunks, TileGraph.All(x)), columns.Chunks);
        return right.Rank == 2 ? answer : Reshape.To(answer, [right.Shape[0]]);
    }

    public static Recipe Inverse<T>(Recipe matrix, long leastTile = LeastTile)
        where T : unmanaged, INumberBase<T>
    {
        var (_, sizes) = Square<T>(matrix, "Inv", leastTile);
        return Rechunk.To(Solve<T>(matrix, Element.Cast(Creation.Diagonal(sizes, sizes, 0), matrix.Type), "gen", leastTile), matrix.Chunks);
    }

    public static Recipe Determinant<T>(Recipe matrix, long leastTile = LeastTile)
        where T : unmanaged, INumberBase<T>
    {
        var (source, sizes) = Square<T>(matrix, "Det", leastTile);
        var tiles = new TileGraph("det", null, source);
        var a = TileGraph.Of(source);
        var rows = TileLu<T>.Run(tiles, a, sizes, whole: false).Rows;
        var answer = tiles.Call("product", static (t, _) => Dense.Determinant<T>((long[])t[0]!, [.. t.Skip(1).Select(d => (NDArray)d!)]), [rows, .. Enumerable.Range(0, sizes.Length).Select(k => a[k, k])]);
        return tiles.Result("answer", matrix.Type, [], [answer]);
    }

    /// <summary>The matrix in tiles that are square on the diagonal, and their sizes.</summary>
    private static (SourceRecipe Source, long[] Sizes) Square<T>(Recipe matrix, string what, long leastTile)
        where T : unmanaged
    {
        LinearLayers.Matrix<T>(matrix, what, square: true);
        var sizes = LinearLayers.Tiles(matrix.Chunks[0], leastTile);
        return (Rechunk.To(matrix, [sizes, sizes]).Materialize(), sizes);
    }

    /// <summary>Tiles of the transposed and conjugated matrix.</summary>
    private static TaskKey[,] Adjoint(TileGraph tiles, TaskKey[,] a)
    {
        var n = a.GetLength(0);
        var result = new TaskKey[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                result[i, j] = tiles.Call("adjoint", static (t, _) => Dense.Adjoint((NDArray)t[0]!), [a[j, i]]);
            }
        }

        return result;
    }

    /// <summary>A tile of the matrix with a one at (rows[c], c).</summary>
    private static NDArray<T> Permutation<T>(long[] rows, long[] place)
        where T : unmanaged, INumberBase<T>
    {
        var tile = NDArray.Zeros<T>((int)(place[1] - place[0]), (int)(place[3] - place[2]));
        for (var column = place[2]; column < place[3]; column++)
        {
            if (rows[column] >= place[0] && rows[column] < place[1])
            {
                tile.Data[(int)(((rows[column] - place[0]) * (place[3] - place[2])) + column - place[2])] = T.One;
            }
        }

        return tile;
    }
}
