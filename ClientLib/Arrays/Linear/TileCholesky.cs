using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Cholesky by tiles, right-looking: the diagonal tile is factored, the tiles below it are solved against it, and what they
/// explain is taken from the rest.
/// </summary>
internal static class TileCholesky
{
    /// <summary>Lower tiles L with L Lᴴ the matrix; tiles above the diagonal are zero.</summary>
    public static TaskKey[,] Run<T>(TileGraph tiles, TaskKey[,] a, long[] sizes)
        where T : unmanaged, INumberBase<T>
    {
        var n = sizes.Length;
        for (var k = 0; k < n; k++)
        {
            var diagonal = a[k, k] = tiles.Call("factor", static (t, _) => Dense.Cholesky<T>((NDArray)t[0]!, lower: true), [a[k, k]]);
            for (var i = k + 1; i < n; i++)
            {
                // X Lᴴ = A, read the other way round: L Xᴴ = Aᴴ.
                a[i, k] = tiles.Call("below", static (t, _) => Dense.Adjoint(Dense.SolveTriangular<T>((NDArray)t[1]!, Dense.Adjoint((NDArray)t[0]!), lower: true)), [a[i, k], diagonal]);
            }

            for (var i = k + 1; i < n; i++)
            {
                for (var j = k + 1; j <= i; j++)
                {
                    a[i, j] = tiles.Call("update", static (t, _) => Dense.Subtract<T>((NDArray)t[0]!, (NDArray)t[1]!, Dense.Adjoint((NDArray)t[2]!)), [a[i, j], a[i, k], a[j, k]]);
                }

                a[k, i] = tiles.Zero<T>(sizes[k], sizes[i]);
            }
        }

        return a;
    }
}
