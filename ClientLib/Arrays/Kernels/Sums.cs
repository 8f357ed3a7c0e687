using System.Numerics;
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
}
