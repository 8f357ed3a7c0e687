using System.Numerics;

namespace Orleans.Dask.Arrays.Kernels;

// Real and imaginary parts, argument and conjugate.

internal readonly struct RealPart : IUnaryScalar<Complex, double>
{
    public static double At(Complex x) => x.Real;
}

internal readonly struct ImaginaryPart : IUnaryScalar<Complex, double>
{
    public static double At(Complex x) => x.Imaginary;
}

internal readonly struct Zero<T> : IUnaryScalar<T, T>
    where T : unmanaged
{
    public static T At(T x) => default;
}

internal readonly struct Conjugate : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Conjugate(x);
}

internal readonly struct ComplexAngle : IUnaryScalar<Complex, double>
{
    public static double At(Complex x) => Math.Atan2(x.Imaginary, x.Real);
}

internal readonly struct RealAngle<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.IsNaN(x) ? x : T.Atan2(T.Zero, x);
}
