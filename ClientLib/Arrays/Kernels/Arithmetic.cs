using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.Arrays.Kernels;

// Sums, products and quotients as NumPy defines them; integers wrap, and dividing them by zero gives zero.
// The commonest go through a loop of our own (Vectors).

internal readonly struct Add<T> : IBinary<T, T>, IVectors<T>
    where T : unmanaged, INumberBase<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => Vectors.Run<T, Add<T>>(x, y, result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of(Vector512<T> x, Vector512<T> y) => x + y;

    public static void Rest(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Add(x, y, result);
}

internal readonly struct Subtract<T> : IBinary<T, T>, IVectors<T>
    where T : unmanaged, INumberBase<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => Vectors.Run<T, Subtract<T>>(x, y, result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of(Vector512<T> x, Vector512<T> y) => x - y;

    public static void Rest(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Subtract(x, y, result);
}

internal readonly struct Multiply<T> : IBinary<T, T>, IVectors<T>
    where T : unmanaged, INumberBase<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => Vectors.Run<T, Multiply<T>>(x, y, result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of(Vector512<T> x, Vector512<T> y) => x * y;

    public static void Rest(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Multiply(x, y, result);
}

internal readonly struct Divide<T> : IBinary<T, T>
    where T : unmanaged, INumberBase<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Divide(x, y, result);
}

internal readonly struct IntegerFloorDivide<T> : IBinaryScalar<T, T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static T At(T x, T y)
    {
        if (T.IsZero(y))
        {
            return T.Zero;
        }

        if (T.IsNegative(T.MinValue) && x == T.MinValue && y == T.Zero - T.One)
        {
            return x;
        }

        var quotient = x / y;
        return T.IsNegative(x) != T.IsNegative(y) && quotient * y != x ? quotient - T.One : quotient;
    }
}

internal readonly struct FloatFloorDivide<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y)
    {
        if (T.IsZero(y))
        {
            return x / y;
        }

        // Through the remainder, so that 6 // 0.1 is 59 though 6 / 0.1 rounds up to 60.
        var remainder = T.Ieee754Remainder(T.Zero, T.One) + (x % y);
        var quotient = (x - remainder) / y;
        if (!T.IsZero(remainder) && T.IsNegative(y) != T.IsNegative(remainder))
        {
            quotient -= T.One;
        }

        if (T.IsZero(quotient))
        {
            return T.CopySign(T.Zero, x / y);
        }

        var floor = T.Floor(quotient);
        return quotient - floor > T.CreateTruncating(0.5) ? floor + T.One : floor;
    }
}

internal readonly struct IntegerMod<T> : IBinaryScalar<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T At(T x, T y)
    {
        if (T.IsZero(y) || (T.IsNegative(y) && y == T.Zero - T.One))
        {
            return T.Zero;
        }

        var remainder = x % y;
        return !T.IsZero(remainder) && T.IsNegative(remainder) != T.IsNegative(y) ? remainder + y : remainder;
    }
}

internal readonly struct FloatMod<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y)
    {
        var remainder = x % y;
        return T.IsZero(remainder) ? T.CopySign(T.Zero, y)
            : T.IsNegative(remainder) != T.IsNegative(y) ? remainder + y : remainder;
    }
}

internal readonly struct IntegerFmod<T> : IBinaryScalar<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T At(T x, T y) => T.IsZero(y) || (T.IsNegative(y) && y == T.Zero - T.One) ? T.Zero : x % y;
}

internal readonly struct FloatFmod<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y) => x % y;
}

internal readonly struct IntegerPower<T> : IBinaryScalar<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T At(T x, T y)
    {
        if (T.IsNegative(y))
        {
            throw new ArrayException($"Integers to a negative power ({x} to the power of {y}) are not integers. Convert the array with AsType<double>() first.");
        }

        var result = T.One;
        while (!T.IsZero(y))
        {
            if (T.IsOddInteger(y))
            {
                result *= x;
            }

            x *= x;
            y >>= 1;
        }

        return result;
    }
}

internal readonly struct FloatPower<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly T s_two = T.CreateTruncating(2);
    private static readonly T s_half = T.CreateTruncating(0.5);

    public static T At(T x, T y) => y == s_two ? x * x : y == s_half && T.IsPositive(x) ? T.Sqrt(x) : T.Pow(x, y);
}

internal readonly struct ComplexPower : IBinaryScalar<Complex, Complex>
{
    public static Complex At(Complex x, Complex y)
    {
        // Small whole powers by multiplication, as NumPy does: exact where the parts are whole.
        if (y.Imaginary == 0 && y.Real == Math.Floor(y.Real) && Math.Abs(y.Real) <= 100)
        {
            var result = Complex.One;
            var factor = x;
            for (var n = (int)Math.Abs(y.Real); n != 0; n >>= 1)
            {
                result = (n & 1) != 0 ? result * factor : result;
                factor *= factor;
            }

            return y.Real < 0 ? Complex.One / result : result;
        }

        return Complex.Pow(x, y);
    }
}

internal readonly struct Negative<T> : IUnary<T, T>
    where T : unmanaged, INumberBase<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Negate(x, result);
}

internal readonly struct Positive<T> : IUnary<T, T>
    where T : unmanaged
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => x.CopyTo(result);
}

internal readonly struct SignedAbsolute<T> : IUnaryScalar<T, T>
    where T : unmanaged, INumber<T>
{
    public static T At(T x) => x < T.Zero ? T.Zero - x : x;
}

internal readonly struct FloatAbsolute<T> : IUnary<T, T>
    where T : unmanaged, INumberBase<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Abs(x, result);
}

internal readonly struct ComplexAbsolute : IUnaryScalar<Complex, double>
{
    public static double At(Complex x) => double.Hypot(x.Real, x.Imaginary);
}

internal readonly struct RealSign<T> : IUnaryScalar<T, T>
    where T : unmanaged, INumber<T>
{
    public static T At(T x) => x > T.Zero ? T.One : x < T.Zero ? T.Zero - T.One : T.IsNaN(x) ? x : T.Zero;
}

internal readonly struct ComplexSign : IUnaryScalar<Complex, Complex>
{
    public static Complex At(Complex x) => x.Real != 0 ? Math.Sign(x.Real) : Math.Sign(x.Imaginary);
}

internal readonly struct Square<T> : IUnary<T, T>
    where T : unmanaged, INumberBase<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Multiply(x, x, result);
}

internal readonly struct IntegerReciprocal<T> : IUnaryScalar<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T At(T x) => T.IsZero(x) ? T.Zero : T.One / x;
}

internal readonly struct Reciprocal<T> : IUnaryScalar<T, T>
    where T : unmanaged, INumberBase<T>
{
    public static T At(T x) => T.One / x;
}
