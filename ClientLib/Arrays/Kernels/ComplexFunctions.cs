using System.Numerics;

namespace Orleans.Dask.Arrays.Kernels;

// Functions of complex numbers, principal values.

internal readonly struct ComplexSqrt : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Sqrt(x);
}

internal readonly struct ComplexExp : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Exp(x);
}

internal readonly struct ComplexLog : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Log(x);
}

internal readonly struct ComplexLog2 : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Log(x) / Math.Log(2);
}

internal readonly struct ComplexLog10 : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Log10(x);
}

internal readonly struct ComplexExp2 : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Exp(x * Math.Log(2));
}

internal readonly struct ComplexExpm1 : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Exp(x) - 1;
}

internal readonly struct ComplexLog1p : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Log(1 + x);
}

internal readonly struct ComplexSin : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Sin(x);
}

internal readonly struct ComplexCos : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Cos(x);
}

internal readonly struct ComplexTan : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Tan(x);
}

internal readonly struct ComplexArcSin : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Asin(x);
}

internal readonly struct ComplexArcCos : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Acos(x);
}

internal readonly struct ComplexArcTan : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Atan(x);
}

internal readonly struct ComplexSinh : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Sinh(x);
}

internal readonly struct ComplexCosh : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Cosh(x);
}

internal readonly struct ComplexTanh : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Tanh(x);
}

internal readonly struct ComplexArcSinh : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Log(x + Complex.Sqrt((x * x) + 1));
}

internal readonly struct ComplexArcCosh : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => Complex.Log(x + (Complex.Sqrt(x + 1) * Complex.Sqrt(x - 1)));
}

internal readonly struct ComplexArcTanh : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => 0.5 * (Complex.Log(1 + x) - Complex.Log(1 - x));
}

internal readonly struct ComplexRint : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => new(Math.Round(x.Real), Math.Round(x.Imaginary));
}
