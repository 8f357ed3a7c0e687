using System.Numerics;

namespace Orleans.Dask.Arrays.Kernels;

// Questions about one number.

internal readonly struct IsNaN<T> : IUnaryScalar<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public static bool At(T x) => T.IsNaN(x);
}

internal readonly struct IsFinite<T> : IUnaryScalar<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public static bool At(T x) => T.IsFinite(x);
}

internal readonly struct IsInf<T> : IUnaryScalar<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public static bool At(T x) => T.IsInfinity(x);
}

internal readonly struct ComplexIsNaN : IUnaryScalar<Complex, bool>
{
    public static bool At(Complex x) => double.IsNaN(x.Real) || double.IsNaN(x.Imaginary);
}

internal readonly struct ComplexIsInf : IUnaryScalar<Complex, bool>
{
    public static bool At(Complex x) => double.IsInfinity(x.Real) || double.IsInfinity(x.Imaginary);
}

internal readonly struct IsPosInf<T> : IUnaryScalar<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public static bool At(T x) => T.IsPositiveInfinity(x);
}

internal readonly struct IsNegInf<T> : IUnaryScalar<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public static bool At(T x) => T.IsNegativeInfinity(x);
}

internal readonly struct SignBit<T> : IUnaryScalar<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public static bool At(T x) => T.IsNegative(x);
}

internal readonly struct IsRealNumber : IUnaryScalar<Complex, bool>
{
    public static bool At(Complex x) => x.Imaginary == 0;
}

internal readonly struct IsComplexNumber : IUnaryScalar<Complex, bool>
{
    public static bool At(Complex x) => x.Imaginary != 0;
}

internal readonly struct False<T> : IUnaryScalar<T, bool>
{
    public static bool At(T x) => false;
}

internal readonly struct True<T> : IUnaryScalar<T, bool>
{
    public static bool At(T x) => true;
}
