using System.Numerics;
using System.Numerics.Tensors;

namespace Orleans.Dask.Arrays.Kernels;

// Roots, powers of e and 2 and 10, and logarithms.

internal readonly struct Sqrt<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Sqrt(x, result);
}

internal readonly struct Cbrt<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Cbrt(x);
}

internal readonly struct Exp<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Exp(x, result);
}

internal readonly struct Exp2<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Exp2(x);
}

/// <summary>Exact near zero too, where exp(x) - 1 loses its digits: Kahan's correction by the logarithm.</summary>
internal readonly struct Expm1<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x)
    {
        var e = T.Exp(x);
        if (e == T.One)
        {
            return x;
        }

        var minus = e - T.One;
        return minus == -T.One || T.IsInfinity(e) || T.IsNaN(e) ? minus : minus * x / T.Log(e);
    }
}

internal readonly struct Log<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Log(x, result);
}

internal readonly struct Log2<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Log2(x);
}

internal readonly struct Log10<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Log10(x);
}

/// <summary>Exact near zero too: the rounding of 1 + x is taken back.</summary>
internal readonly struct Log1p<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x)
    {
        var u = T.One + x;
        return u == T.One ? x : T.IsInfinity(u) || T.IsNaN(u) || T.IsZero(u) ? T.Log(u) : T.Log(u) * x / (u - T.One);
    }
}

internal readonly struct LogAddExp<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y) => x == y ? x + T.Log(T.One + T.One)
        : x > y ? x + Log1p<T>.At(T.Exp(y - x)) : x < y ? y + Log1p<T>.At(T.Exp(x - y)) : T.NaN;
}

internal readonly struct LogAddExp2<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly T s_perLn2 = T.One / T.Log(T.One + T.One);

    public static T At(T x, T y) => x == y ? x + T.One
        : x > y ? x + (Log1p<T>.At(T.Exp2(y - x)) * s_perLn2) : x < y ? y + (Log1p<T>.At(T.Exp2(x - y)) * s_perLn2) : T.NaN;
}

internal readonly struct Hypot<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y) => T.Hypot(x, y);
}

/// <summary>Modified Bessel function of order 0: power series for small arguments, asymptotic series by Horner for large ones.</summary>
internal readonly struct BesselI0<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T value)
    {
        var x = Math.Abs(double.CreateTruncating(value));
        if (x < 30)
        {
            double sum = 1, term = 1, quarter = x * x / 4;
            for (var k = 1; term > sum * 1e-17; k++)
            {
                term *= quarter / ((double)k * k);
                sum += term;
            }

            return T.CreateTruncating(sum);
        }

        double tail = 1, factor = 1;
        for (var k = 1; k < 30; k++)
        {
            var next = factor * ((2 * k) - 1) * ((2 * k) - 1) / (8 * x * k);
            if (next > factor)
            {
                break;
            }

            factor = next;
            tail += factor;
        }

        return T.CreateTruncating(Math.Exp(x) / Math.Sqrt(2 * Math.PI * x) * tail);
    }
}
