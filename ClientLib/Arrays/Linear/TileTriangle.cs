using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Substitution by tiles: a row of the right side is solved, and what it explains is taken from the others.</summary>
internal static class TileTriangle
{
    /// <summary>Tiles X with A X = B; B is overwritten.</summary>
    public static TaskKey[,] Solve<T>(TileGraph tiles, TaskKey[,] a, TaskKey[,] b, bool lower)
        where T : unmanaged, INumberBase<T>
    {
        var n = a.GetLength(0);
        for (var step = 0; step < n; step++)
        {
            var k = lower ? step : n - 1 - step;
            for (var j = 0; j < b.GetLength(1); j++)
            {
                b[k, j] = tiles.Call("substitute", static (t, n) => Dense.SolveTriangular<T>((NDArray)t[0]!, (NDArray)t[1]!, n[0] == 1), [a[k, k], b[k, j]], lower ? 1 : 0);
                for (var i = lower ? k + 1 : 0; i < (lower ? n : k); i++)
                {
                    b[i, j] = tiles.Call("reduce", static (t, _) => Dense.Subtract<T>((NDArray)t[0]!, (NDArray)t[1]!, (NDArray)t[2]!), [b[i, j], a[i, k], b[k, j]]);
                }
            }
        }

        return b;
    }
}
