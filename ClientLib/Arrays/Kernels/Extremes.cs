using System.Numerics;
using System.Numerics.Tensors;

namespace Orleans.Dask.Arrays.Kernels;

// The larger and the smaller of two: Maximum and Minimum answer NaN when either is, Fmax and Fmin the other one.

internal readonly struct Maximum<T> : IBinary<T, T>
    where T : unmanaged, INumber<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Max(x, y, result);
}

internal readonly struct Minimum<T> : IBinary<T, T>
    where T : unmanaged, INumber<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Min(x, y, result);
}

internal readonly struct Fmax<T> : IBinaryScalar<T, T>
    where T : unmanaged, INumber<T>
{
    public static T At(T x, T y) => T.IsNaN(x) || y > x ? y : x;
}

internal readonly struct Fmin<T> : IBinaryScalar<T, T>
    where T : unmanaged, INumber<T>
{
    public static T At(T x, T y) => T.IsNaN(x) || y < x ? y : x;
}

internal readonly struct ComplexMaximum : IBinaryScalar<Complex, Complex>
{
    public static Complex At(Complex x, Complex y) => Complex.IsNaN(x) || ComplexGreaterEqual.At(x, y) ? x : y;
}

internal readonly struct ComplexMinimum : IBinaryScalar<Complex, Complex>
{
    public static Complex At(Complex x, Complex y) => Complex.IsNaN(x) || ComplexLessEqual.At(x, y) ? x : y;
}
