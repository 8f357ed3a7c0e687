using System.Numerics;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.LinearAlgebra;

namespace Orleans.Dask.Arrays;

/// <summary>
/// LU by tiles. The pivot rows of a column of tiles are found by a tournament (Grigori, Demmel, Xiang 2011): each tile names as
/// many candidates as it has columns, pairs of tiles play them against each other, the winners come to the diagonal. So no task
/// sees a column of tiles, and rows are still chosen among all of it.
/// </summary>
/// <remarks>
/// <code>
///   step k      k  ┌────┬─────┐   winners' rows, factored      U(k,j) = L(k,k)⁻¹ row k
///                  │ LU │  U  │
///               i  ├────┼─────┤   L(i,k) = A(i,k) U(k,k)⁻¹     A(i,j) -= L(i,k) U(k,j)
///                  │ L  │ A'  │   rows that the winners left empty are filled with those they displaced
/// </code>
/// </remarks>
internal sealed class TileLu<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly TileGraph _tiles;
    private readonly long[] _starts;

    private TileLu(TileGraph tiles, long[] sizes)
    {
        _tiles = tiles;
        _starts = new BlockGrid([sizes]).Starts(0);
    }

    /// <summary>Where each row of the factored matrix came from: position → row.</summary>
    public TaskKey Rows { get; private set; }

    /// <summary>Factors in place: L (its unit diagonal left out) and U together. Columns beyond the square are carried along: there L⁻¹ P⁻¹ B comes to stand.</summary>
    /// <param name="tiles">Where the tasks go.</param>
    /// <param name="a">Tiles of the square, and further columns.</param>
    /// <param name="sizes">Rows of the tiles.</param>
    /// <param name="whole">Whether L is wanted below the diagonal, in the order of the final rows.</param>
    public static TileLu<T> Run(TileGraph tiles, TaskKey[,] a, long[] sizes, bool whole)
    {
        var lu = new TileLu<T>(tiles, sizes);
        lu.Rows = tiles.Call("rows", static (_, n) => Enumerable.Range(0, (int)n[0]).Select(i => (long)i).ToArray(), [], lu._starts[^1]);
        for (var k = 0; k < sizes.Length; k++)
        {
            lu.Step(a, k, whole);
        }

        return lu;
    }

    private void Step(TaskKey[,] a, int k, bool whole)
    {
        var (n, width) = (a.GetLength(0), a.GetLength(1));
        var (start, end) = (_starts[k], _starts[k + 1]);
        var winners = Tournament(a, k);
        var pivots = _tiles.Call("pivots", static (t, _) => ((NDArray[])t[0]!)[2], [winners]);
        Rows = _tiles.Call("exchange-rows", static (t, n) => new Exchange((NDArray)t[1]!, n[0], n[1]).Apply((long[])t[0]!), [Rows, pivots], start, end);
        var diagonal = _tiles.Call("diagonal", static (t, _) => ((NDArray[])t[0]!)[1], [winners]);
        var old = Enumerable.Range(0, width).Select(j => a[k, j]).ToArray();
        for (var j = whole ? 0 : k + 1; j < width; j++)
        {
            if (j == k)
            {
                continue;
            }

            // Winners that come from below travel as a few rows each.
            var pieces = Enumerable.Range(k + 1, n - k - 1).Select(i => _tiles.Call("winners", static (t, n) => Exchange.From((NDArray)t[0]!, (NDArray)t[1]!, n[0], n[1]), [a[i, j], pivots], _starts[i], _starts[i + 1]));
            var top = _tiles.Call("top", static (t, n) => new Exchange((NDArray)t[1]!, n[0], n[1]).Top<T>((NDArray)t[0]!, t[2..]), [old[j], pivots, .. pieces], start, end);
            a[k, j] = j < k ? top : _tiles.Call("right", static (t, _) => Dense.SolveTriangular<T>((NDArray)t[0]!, (NDArray)t[1]!, lower: true, unitDiagonal: true), [diagonal, top]);
        }

        a[k, k] = diagonal;
        for (var i = k + 1; i < n; i++)
        {
            a[i, k] = _tiles.Call("below", static (t, n) => Below(new Exchange((NDArray)t[2]!, n[0], n[1]).Fill<T>((NDArray)t[0]!, (NDArray)t[1]!, n[2]), (NDArray)t[3]!), [a[i, k], old[k], pivots, diagonal], start, end, _starts[i]);
            for (var j = 0; j < width; j++)
            {
                if (j > k)
                {
                    a[i, j] = _tiles.Call("update", static (t, n) => Dense.Subtract<T>(new Exchange((NDArray)t[2]!, n[0], n[1]).Fill<T>((NDArray)t[0]!, (NDArray)t[1]!, n[2]), (NDArray)t[3]!, (NDArray)t[4]!), [a[i, j], old[j], pivots, a[i, k], a[k, j]], start, end, _starts[i]);
                }
                else if (whole && j < k)
                {
                    a[i, j] = _tiles.Call("left", static (t, n) => new Exchange((NDArray)t[2]!, n[0], n[1]).Fill<T>((NDArray)t[0]!, (NDArray)t[1]!, n[2]), [a[i, j], old[j], pivots], start, end, _starts[i]);
                }
            }
        }
    }

    /// <summary>The winners' factored square and their positions: parts rows, packed LU, positions.</summary>
    private TaskKey Tournament(TaskKey[,] a, int k)
    {
        List<TaskKey> players = [.. Enumerable.Range(k, a.GetLength(0) - k).Select(i => _tiles.Call("candidates", static (t, n) =>
        {
            var tile = (NDArray)t[0]!;
            NDArray<long> positions = new([tile.Dimensions[0]]);
            SortLines.Count(positions.Data, n[0]);
            return Play([tile, tile, positions]);
        }, [a[i, k]], _starts[i]))];
        while (players.Count > 1)
        {
            players = [.. players.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : _tiles.Call("match", static (t, _) => Play((NDArray[])t[0]!, (NDArray[])t[1]!), pair))];
        }

        return players[0];
    }

    private static NDArray[] Play(params NDArray[][] players)
    {
        var n = players[0][0].Dimensions[1];
        T[] all = [.. players.SelectMany(p => ((NDArray<T>)p[0]).ToArray())];
        long[] positions = [.. players.SelectMany(p => ((NDArray<long>)p[2]).ToArray())];
        var (packed, order) = DenseAlgebra<T>.Current.Lu(all, positions.Length, n);
        var count = Math.Min(n, positions.Length);
        NDArray<T> rows = new([count, n]);
        for (var i = 0; i < count; i++)
        {
            all.AsSpan(order[i] * n, n).CopyTo(rows.Data[(i * n)..]);
        }

        return [rows, new NDArray<T>(packed[..(count * n)], [count, n]), new NDArray<long>([.. order[..count].Select(i => positions[i])], [count])];
    }

    /// <summary>X with X U = A; where a pivot is zero so is the column above it, and any number would do: one keeps it so.</summary>
    private static NDArray Below(NDArray tile, NDArray diagonal)
    {
        var n = diagonal.Dimensions[0];
        var upper = (NDArray<T>)Strided.Copy(diagonal);
        for (var i = 0; i < n; i++)
        {
            ref var pivot = ref upper.Data[(i * n) + i];
            pivot = T.IsZero(pivot) ? T.One : pivot;
        }

        return Dense.SolveTriangular<T>(upper.T, tile.T, lower: true).T;
    }
}
