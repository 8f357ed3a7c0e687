using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.LinearAlgebra;

/// <summary>
/// C += A B in managed code, after Goto and van de Geijn: a block of B is packed for the second-level cache,
/// a block of A for the first, and a kernel keeps a small tile of C in registers while it runs through both.
/// <code>
///        k            NC            NR = 2 vectors
///   ┌─────────┐   ┌───────┐      ┌──┬──┐
/// MC│ A block │ x │B block│KC    │  │  │ MR = 4 rows of C in 8 registers
///   └─────────┘   └───────┘      └──┴──┘
/// </code>
/// </summary>
internal static class MatrixMultiply
{
    private const int RowsInTile = 4;
    private const int BlockM = 128;
    private const int BlockK = 256;
    private const int BlockN = 1024;

    /// <summary>Any numbers: plain loops in the order that reads B and C along their rows. For types without vectors.</summary>
    public static void AddPlain<T>(int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc)
        where T : INumberBase<T>
    {
        for (var i = 0; i < m; i++)
        {
            var row = c.Slice(i * ldc, n);
            for (var p = 0; p < k; p++)
            {
                var factor = a[(i * lda) + p];
                var other = b.Slice(p * ldb, n);
                for (var j = 0; j < row.Length; j++)
                {
                    row[j] += factor * other[j];
                }
            }
        }
    }

    /// <summary><see cref="float"/> and <see cref="double"/>.</summary>
    public static void Add<T>(int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc)
        where T : unmanaged, INumberBase<T>
    {
        var tileN = 2 * Vector512<T>.Count;
        var packedA = ArrayPool<T>.Shared.Rent(BlockM * BlockK);
        var packedB = ArrayPool<T>.Shared.Rent(BlockK * (BlockN + tileN));
        Span<T> edge = stackalloc T[RowsInTile * tileN];
        for (var j0 = 0; j0 < n; j0 += BlockN)
        {
            var nc = Math.Min(BlockN, n - j0);
            for (var p0 = 0; p0 < k; p0 += BlockK)
            {
                var kc = Math.Min(BlockK, k - p0);
                PackB(b[((p0 * ldb) + j0)..], ldb, kc, nc, tileN, packedB);
                for (var i0 = 0; i0 < m; i0 += BlockM)
                {
                    var mc = Math.Min(BlockM, m - i0);
                    PackA(a[((i0 * lda) + p0)..], lda, mc, kc, packedA);
                    for (var j = 0; j < nc; j += tileN)
                    {
                        var panelB = packedB.AsSpan(j / tileN * kc * tileN, kc * tileN);
                        for (var i = 0; i < mc; i += RowsInTile)
                        {
                            var panelA = packedA.AsSpan(i * kc, kc * RowsInTile);
                            var at = ((i0 + i) * ldc) + j0 + j;
                            if (i + RowsInTile <= mc && j + tileN <= nc)
                            {
                                Tile(kc, panelA, panelB, ref c[at], ldc);
                            }
                            else
                            {
                                edge.Clear();
                                Tile(kc, panelA, panelB, ref edge[0], tileN);
                                AddEdge(edge, tileN, c[at..], ldc, Math.Min(RowsInTile, mc - i), Math.Min(tileN, nc - j));
                            }
                        }
                    }
                }
            }
        }

        ArrayPool<T>.Shared.Return(packedA);
        ArrayPool<T>.Shared.Return(packedB);
    }

    private static void Tile<T>(int kc, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ref T c, int ldc)
        where T : unmanaged, INumberBase<T>
    {
        var width = Vector512<T>.Count;
        ref var pa = ref MemoryMarshal.GetReference(a);
        ref var pb = ref MemoryMarshal.GetReference(b);
        Vector512<T> c00 = default, c01 = default, c10 = default, c11 = default;
        Vector512<T> c20 = default, c21 = default, c30 = default, c31 = default;
        for (var p = 0; p < kc; p++)
        {
            var b0 = Vector512.LoadUnsafe(ref pb);
            var b1 = Vector512.LoadUnsafe(ref pb, (nuint)width);
            var a0 = Vector512.Create(pa);
            c00 = MultiplyAdd(a0, b0, c00);
            c01 = MultiplyAdd(a0, b1, c01);
            var a1 = Vector512.Create(Unsafe.Add(ref pa, 1));
            c10 = MultiplyAdd(a1, b0, c10);
            c11 = MultiplyAdd(a1, b1, c11);
            var a2 = Vector512.Create(Unsafe.Add(ref pa, 2));
            c20 = MultiplyAdd(a2, b0, c20);
            c21 = MultiplyAdd(a2, b1, c21);
            var a3 = Vector512.Create(Unsafe.Add(ref pa, 3));
            c30 = MultiplyAdd(a3, b0, c30);
            c31 = MultiplyAdd(a3, b1, c31);
            pa = ref Unsafe.Add(ref pa, RowsInTile);
            pb = ref Unsafe.Add(ref pb, 2 * width);
        }

        AddRow(ref c, c00, c01);
        AddRow(ref Unsafe.Add(ref c, ldc), c10, c11);
        AddRow(ref Unsafe.Add(ref c, 2 * ldc), c20, c21);
        AddRow(ref Unsafe.Add(ref c, 3 * ldc), c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? Vector512.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>()
        : Vector512.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<T>(ref T row, Vector512<T> left, Vector512<T> right)
        where T : unmanaged
    {
        (Vector512.LoadUnsafe(ref row) + left).StoreUnsafe(ref row);
        (Vector512.LoadUnsafe(ref row, (nuint)Vector512<T>.Count) + right).StoreUnsafe(ref row, (nuint)Vector512<T>.Count);
    }

    private static void AddEdge<T>(ReadOnlySpan<T> tile, int tileN, Span<T> c, int ldc, int rows, int columns)
        where T : INumberBase<T>
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                c[(i * ldc) + j] += tile[(i * tileN) + j];
            }
        }
    }

    /// <summary>Panels of <see cref="RowsInTile"/> rows, element p of each row side by side; short panels are filled with zeros.</summary>
    private static void PackA<T>(ReadOnlySpan<T> a, int lda, int mc, int kc, Span<T> packed)
        where T : unmanaged
    {
        for (var i = 0; i < mc; i += RowsInTile)
        {
            var panel = packed.Slice(i * kc, kc * RowsInTile);
            var rows = Math.Min(RowsInTile, mc - i);
            if (rows < RowsInTile)
            {
                panel.Clear();
            }

            for (var r = 0; r < rows; r++)
            {
                var row = a.Slice((i + r) * lda, kc);
                for (var p = 0; p < row.Length; p++)
                {
                    panel[(p * RowsInTile) + r] = row[p];
                }
            }
        }
    }

    private static void PackB<T>(ReadOnlySpan<T> b, int ldb, int kc, int nc, int tileN, Span<T> packed)
        where T : unmanaged
    {
        for (var j = 0; j < nc; j += tileN)
        {
            var panel = packed.Slice(j * kc, kc * tileN);
            var columns = Math.Min(tileN, nc - j);
            if (columns < tileN)
            {
                panel.Clear();
            }

            for (var p = 0; p < kc; p++)
            {
                b.Slice((p * ldb) + j, columns).CopyTo(panel[(p * tileN)..]);
            }
        }
    }
}
