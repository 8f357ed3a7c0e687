using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Moves elements between two walks of the same shape. Elements are bits of 1, 2, 4, 8 or 16 bytes here; axes that
/// lie together in both walks are merged first, so most copies end as one block move.
/// </summary>
internal static unsafe class StridedCopy
{
    /// <summary>Doubles in a vector and in a cache line.</summary>
    private const int Square = 8;

    public static void Run(byte* from, int[] fromSteps, byte* to, int[] toSteps, int[] shape, int size)
    {
        var walk = Walk.Merge(shape, fromSteps, toSteps);
        if (walk.Rank == 0)
        {
            Tile(from, 0, 0, to, 0, 0, 1, 1, size);
            return;
        }

        var columns = walk.Shape[^1];
        var rows = walk.Rank > 1 ? walk.Shape[^2] : 1;
        long fromRow = walk.Rank > 1 ? walk.Steps[0][^2] : 0, toRow = walk.Rank > 1 ? walk.Steps[1][^2] : 0;
        var outer = walk.Shape.AsSpan(0, Math.Max(0, walk.Rank - 2));
        Span<int> position = stackalloc int[outer.Length];
        position.Clear();
        while (true)
        {
            long a = 0, b = 0;
            for (var axis = 0; axis < position.Length; axis++)
            {
                a += (long)position[axis] * walk.Steps[0][axis];
                b += (long)position[axis] * walk.Steps[1][axis];
            }

            Tile(from + (a * size), fromRow, walk.Steps[0][^1], to + (b * size), toRow, walk.Steps[1][^1], rows, columns, size);
            if (!Walk.Next(position, outer))
            {
                return;
            }
        }
    }

    /// <summary>Two axes; strides are in elements.</summary>
    public static void Tile(byte* from, long fromRow, long fromColumn, byte* to, long toRow, long toColumn, int rows, int columns, int size)
    {
        if (fromColumn == 1 && toColumn == 1)
        {
            for (var row = 0; row < rows; row++)
            {
                Unsafe.CopyBlockUnaligned(to + (row * toRow * size), from + (row * fromRow * size), (uint)(columns * size));
            }

            return;
        }

        switch (size)
        {
            case 1: Typed((byte*)from, fromRow, fromColumn, (byte*)to, toRow, toColumn, rows, columns); break;
            case 2: Typed((ushort*)from, fromRow, fromColumn, (ushort*)to, toRow, toColumn, rows, columns); break;
            case 4: Typed((uint*)from, fromRow, fromColumn, (uint*)to, toRow, toColumn, rows, columns); break;
            case 8: Typed((ulong*)from, fromRow, fromColumn, (ulong*)to, toRow, toColumn, rows, columns); break;
            default: Typed((UInt128*)from, fromRow, fromColumn, (UInt128*)to, toRow, toColumn, rows, columns); break;
        }
    }

    private static void Typed<T>(T* from, long fromRow, long fromColumn, T* to, long toRow, long toColumn, int rows, int columns)
        where T : unmanaged
    {
        if (fromColumn == 0 && toColumn == 1)
        {
            for (var row = 0; row < rows; row++)
            {
                new Span<T>(to + (row * toRow), columns).Fill(from[row * fromRow]);
            }

            return;
        }

        if (fromRow == 1 && toColumn == 1 && rows > 1)
        {
            Transpose(from, fromColumn, to, toRow, rows, columns);
            return;
        }

        for (var row = 0; row < rows; row++)
        {
            var a = from + (row * fromRow);
            var b = to + (row * toRow);
            for (long column = 0; column < columns; column++)
            {
                b[column * toColumn] = a[column * fromColumn];
            }
        }
    }

    /// <summary>Eight of the source's rows at a time: each is read on for as long as it goes, and the next eight are asked for meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(T* from, long fromColumn, T* to, long toRow, int rows, int columns)
        where T : unmanaged
    {
        var column = 0;
        if (sizeof(T) == 8 && Vector512.IsHardwareAccelerated)
        {
            for (; column + Square <= columns; column += Square)
            {
                var row = 0;
                for (; row + Square <= rows; row += Square)
                {
                    var square = (ulong*)from + (column * fromColumn) + row;
                    if (Sse.IsSupported)
                    {
                        for (var ahead = Square; ahead < 2 * Square; ahead++)
                        {
                            Sse.Prefetch0(square + (ahead * fromColumn));
                        }
                    }

                    Transpose8x8(square, fromColumn, (ulong*)to + (row * toRow) + column, toRow);
                }

                Plain(from + (column * fromColumn) + row, fromColumn, to + (row * toRow) + column, toRow, rows - row, Square);
            }
        }

        // Squares keep both sides within the first-level cache.
        for (; column < columns; column += 4 * Square)
        {
            for (var row = 0; row < rows; row += 4 * Square)
            {
                Plain(from + (column * fromColumn) + row, fromColumn, to + (row * toRow) + column, toRow, Math.Min(4 * Square, rows - row), Math.Min(4 * Square, columns - column));
            }
        }
    }

    private static void Plain<T>(T* from, long fromColumn, T* to, long toRow, int rows, int columns)
        where T : unmanaged
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                to[(row * toRow) + column] = from[(column * fromColumn) + row];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x8(ulong* from, long fromStep, ulong* to, long toStep)
    {
        var a0 = Vector512.Load(from);
        var a1 = Vector512.Load(from + fromStep);
        var a2 = Vector512.Load(from + (2 * fromStep));
        var a3 = Vector512.Load(from + (3 * fromStep));
        var a4 = Vector512.Load(from + (4 * fromStep));
        var a5 = Vector512.Load(from + (5 * fromStep));
        var a6 = Vector512.Load(from + (6 * fromStep));
        var a7 = Vector512.Load(from + (7 * fromStep));
        Pairs(ref a0, ref a1);
        Pairs(ref a2, ref a3);
        Pairs(ref a4, ref a5);
        Pairs(ref a6, ref a7);
        Quads(ref a0, ref a2);
        Quads(ref a1, ref a3);
        Quads(ref a4, ref a6);
        Quads(ref a5, ref a7);
        Halves(ref a0, ref a4);
        Halves(ref a1, ref a5);
        Halves(ref a2, ref a6);
        Halves(ref a3, ref a7);
        a0.Store(to);
        a1.Store(to + toStep);
        a2.Store(to + (2 * toStep));
        a3.Store(to + (3 * toStep));
        a4.Store(to + (4 * toStep));
        a5.Store(to + (5 * toStep));
        a6.Store(to + (6 * toStep));
        a7.Store(to + (7 * toStep));
    }

    // Each step exchanges the off-diagonal quarters of ever larger squares: 2 x 2, 4 x 4, 8 x 8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs(ref Vector512<ulong> a, ref Vector512<ulong> b)
    {
        var low = Avx512F.IsSupported
            ? Avx512F.UnpackLow(a, b)
            : Vector512.Create(a[0], b[0], a[2], b[2], a[4], b[4], a[6], b[6]);
        var high = Avx512F.IsSupported
            ? Avx512F.UnpackHigh(a, b)
            : Vector512.Create(a[1], b[1], a[3], b[3], a[5], b[5], a[7], b[7]);
        (a, b) = (low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(ref Vector512<ulong> a, ref Vector512<ulong> b)
    {
        if (Avx512F.IsSupported)
        {
            var low = Avx512F.PermuteVar8x64x2(a, Vector512.Create(0UL, 1, 8, 9, 4, 5, 12, 13), b);
            var high = Avx512F.PermuteVar8x64x2(a, Vector512.Create(2UL, 3, 10, 11, 6, 7, 14, 15), b);
            (a, b) = (low, high);
        }
        else
        {
            var low = Vector512.Create(a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5]);
            var high = Vector512.Create(a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7]);
            (a, b) = (low, high);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(ref Vector512<ulong> a, ref Vector512<ulong> b)
    {
        var low = Vector512.Create(a.GetLower(), b.GetLower());
        var high = Vector512.Create(a.GetUpper(), b.GetUpper());
        (a, b) = (low, high);
    }
}
