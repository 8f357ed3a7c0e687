using System.Numerics;
using System.Runtime.CompilerServices;

namespace Orleans.Dask.Arrays;

/// <summary>Ascending as NumPy sorts: NaN after every number; complex by real, then imaginary part, those with NaN last.</summary>
internal static class NumpyOrder
{
    /// <summary>Whether <paramref name="a"/> stands before <paramref name="b"/>. All NaN are alike, and so are both zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Less<T>(T a, T b)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            double x = Unsafe.BitCast<T, double>(a), y = Unsafe.BitCast<T, double>(b);
            return x < y || (double.IsNaN(y) && !double.IsNaN(x));
        }

        if (typeof(T) == typeof(float))
        {
            float x = Unsafe.BitCast<T, float>(a), y = Unsafe.BitCast<T, float>(b);
            return x < y || (float.IsNaN(y) && !float.IsNaN(x));
        }

        if (typeof(T) == typeof(Half))
        {
            Half x = Unsafe.BitCast<T, Half>(a), y = Unsafe.BitCast<T, Half>(b);
            return x < y || (Half.IsNaN(y) && !Half.IsNaN(x));
        }

        return typeof(T) == typeof(Complex) ? Less(Unsafe.BitCast<T, Complex>(a), Unsafe.BitCast<T, Complex>(b)) : Comparer<T>.Default.Compare(a, b) < 0;
    }

    public static int Compare<T>(T a, T b)
        where T : unmanaged => Less(a, b) ? -1 : Less(b, a) ? 1 : 0;

    public static bool IsNaN<T>(T value)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? double.IsNaN(Unsafe.BitCast<T, double>(value))
        : typeof(T) == typeof(float) ? float.IsNaN(Unsafe.BitCast<T, float>(value))
        : typeof(T) == typeof(Half) && Half.IsNaN(Unsafe.BitCast<T, Half>(value));

    private static bool Less(Complex a, Complex b)
    {
        bool aImaginary = double.IsNaN(a.Imaginary), bImaginary = double.IsNaN(b.Imaginary);
        return a.Real < b.Real ? !aImaginary || bImaginary
            : a.Real > b.Real ? bImaginary && !aImaginary
            : a.Real == b.Real || (double.IsNaN(a.Real) && double.IsNaN(b.Real)) ? a.Imaginary < b.Imaginary || (bImaginary && !aImaginary)
            : double.IsNaN(b.Real);
    }
}
