using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.Arrays.Kernels;

// Equal, less and their kin; results are bool, and NaN compares false with everything but in NotEqual.

internal interface IComparison<T>
{
    static abstract bool At(T x, T y);

    static abstract Vector512<T> At(Vector512<T> x, Vector512<T> y);
}

internal readonly struct Compare<TComparison, T> : IBinary<T, bool>
    where TComparison : IComparison<T>
    where T : unmanaged
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> result)
    {
        var i = 0;
        if (Unsafe.SizeOf<T>() == 8 && Vector512.IsHardwareAccelerated && Vector512<T>.IsSupported && System.Runtime.Intrinsics.X86.Bmi2.X64.IsSupported)
        {
            ref var bytes = ref Unsafe.As<bool, byte>(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(result));
            for (; i + 8 <= x.Length; i += 8)
            {
                var mask = TComparison.At(Vector512.Create(x.Slice(i, 8)), Vector512.Create(y.Slice(i, 8))).ExtractMostSignificantBits();

                // Eight bits become eight bytes of 0 or 1.
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref bytes, i), System.Runtime.Intrinsics.X86.Bmi2.X64.ParallelBitDeposit(mask, 0x0101010101010101));
            }
        }

        for (; i < x.Length; i++)
        {
            result[i] = TComparison.At(x[i], y[i]);
        }
    }
}

internal readonly struct Less<T> : IComparison<T>
    where T : unmanaged, INumber<T>
{
    public static bool At(T x, T y) => x < y;

    public static Vector512<T> At(Vector512<T> x, Vector512<T> y) => Vector512.LessThan(x, y);
}

internal readonly struct LessEqual<T> : IComparison<T>
    where T : unmanaged, INumber<T>
{
    public static bool At(T x, T y) => x <= y;

    public static Vector512<T> At(Vector512<T> x, Vector512<T> y) => Vector512.LessThanOrEqual(x, y);
}

internal readonly struct Greater<T> : IComparison<T>
    where T : unmanaged, INumber<T>
{
    public static bool At(T x, T y) => x > y;

    public static Vector512<T> At(Vector512<T> x, Vector512<T> y) => Vector512.GreaterThan(x, y);
}

internal readonly struct GreaterEqual<T> : IComparison<T>
    where T : unmanaged, INumber<T>
{
    public static bool At(T x, T y) => x >= y;

    public static Vector512<T> At(Vector512<T> x, Vector512<T> y) => Vector512.GreaterThanOrEqual(x, y);
}

internal readonly struct Equal<T> : IComparison<T>
    where T : unmanaged, INumber<T>
{
    public static bool At(T x, T y) => x == y;

    public static Vector512<T> At(Vector512<T> x, Vector512<T> y) => Vector512.Equals(x, y);
}

internal readonly struct NotEqual<T> : IComparison<T>
    where T : unmanaged, INumber<T>
{
    public static bool At(T x, T y) => x != y;

    public static Vector512<T> At(Vector512<T> x, Vector512<T> y) => ~Vector512.Equals(x, y);
}

internal readonly struct BoolEqual : IBinaryScalar<bool, bool>
{
    public static bool At(bool x, bool y) => x == y;
}

internal readonly struct BoolLess : IBinaryScalar<bool, bool>
{
    public static bool At(bool x, bool y) => !x & y;
}

internal readonly struct BoolLessEqual : IBinaryScalar<bool, bool>
{
    public static bool At(bool x, bool y) => !x | y;
}

internal readonly struct BoolGreater : IBinaryScalar<bool, bool>
{
    public static bool At(bool x, bool y) => x & !y;
}

internal readonly struct BoolGreaterEqual : IBinaryScalar<bool, bool>
{
    public static bool At(bool x, bool y) => x | !y;
}

internal readonly struct ComplexEqual : IBinaryScalar<Complex, bool>
{
    public static bool At(Complex x, Complex y) => x == y;
}

internal readonly struct ComplexNotEqual : IBinaryScalar<Complex, bool>
{
    public static bool At(Complex x, Complex y) => x != y;
}

// Complex numbers are ordered by their real parts, and by the imaginary ones where these are equal.

internal readonly struct ComplexLess : IBinaryScalar<Complex, bool>
{
    public static bool At(Complex x, Complex y) => x.Real < y.Real || (x.Real == y.Real && x.Imaginary < y.Imaginary);
}

internal readonly struct ComplexLessEqual : IBinaryScalar<Complex, bool>
{
    public static bool At(Complex x, Complex y) => x.Real < y.Real || (x.Real == y.Real && x.Imaginary <= y.Imaginary);
}

internal readonly struct ComplexGreater : IBinaryScalar<Complex, bool>
{
    public static bool At(Complex x, Complex y) => x.Real > y.Real || (x.Real == y.Real && x.Imaginary > y.Imaginary);
}

internal readonly struct ComplexGreaterEqual : IBinaryScalar<Complex, bool>
{
    public static bool At(Complex x, Complex y) => x.Real > y.Real || (x.Real == y.Real && x.Imaginary >= y.Imaginary);
}
