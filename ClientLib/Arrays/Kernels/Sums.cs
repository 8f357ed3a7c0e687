using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.Arrays.Kernels;

/// <summary>Sums of runs, as fast as memory gives them: compiled in full at once, since the first sum of a program counts too.</summary>
internal static class Sums
{
    /// <summary>In as many partial sums as eight vectors have elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Of<T>(ReadOnlySpan<T> run)
        where T : unmanaged, INumberBase<T>
    {
        ref var start = ref MemoryMarshal.GetReference(run);
        var i = 0;
        var sum = T.Zero;
        if (Vector512.IsHardwareAccelerated && Vector512<T>.IsSupported && run.Length >= 8 * Vector512<T>.Count)
        {
            var width = (nuint)Vector512<T>.Count;
            Vector512<T> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
            for (; i + (8 * Vector512<T>.Count) <= run.Length; i += 8 * Vector512<T>.Count)
            {
                a += Vector512.LoadUnsafe(ref start, (nuint)i);
                b += Vector512.LoadUnsafe(ref start, (nuint)i + width);
                c += Vector512.LoadUnsafe(ref start, (nuint)i + (2 * width));
                d += Vector512.LoadUnsafe(ref start, (nuint)i + (3 * width));
                e += Vector512.LoadUnsafe(ref start, (nuint)i + (4 * width));
                f += Vector512.LoadUnsafe(ref start, (nuint)i + (5 * width));
                g += Vector512.LoadUnsafe(ref start, (nuint)i + (6 * width));
                h += Vector512.LoadUnsafe(ref start, (nuint)i + (7 * width));
            }

            sum = Vector512.Sum(a + b + (c + d) + (e + f + (g + h)));
        }

        for (; i < run.Length; i++)
        {
            sum += Unsafe.Add(ref start, i);
        }

        return sum;
    }

    /// <summary>Rows that lie one after the other, added up column by column into a row: four at a time, as pairs of pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Rows<T>(T* into, T* from, int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        var row = 0;
        for (; row + 4 <= rows; row += 4, from += 4 * (long)columns)
        {
            var second = from + columns;
            var third = second + columns;
            var fourth = third + columns;
            var i = 0;
            for (; Vector512.IsHardwareAccelerated && Vector512<T>.IsSupported && i + Vector512<T>.Count <= columns; i += Vector512<T>.Count)
            {
                var sum = Vector512.Load(from + i) + Vector512.Load(second + i) + (Vector512.Load(third + i) + Vector512.Load(fourth + i));
                (Vector512.Load(into + i) + sum).Store(into + i);
            }

            for (; i < columns; i++)
            {
                into[i] += from[i] + second[i] + (third[i] + fourth[i]);
            }
        }

        for (; row < rows; row++, from += columns)
        {
            TensorPrimitives.Add(new ReadOnlySpan<T>(into, columns), new ReadOnlySpan<T>(from, columns), new Span<T>(into, columns));
        }
    }
}
