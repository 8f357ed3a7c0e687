using System.Numerics;
using System.Numerics.Tensors;

namespace Orleans.Dask.Arrays.Kernels;

// To whole numbers, and to pieces of a number.

internal readonly struct Floor<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Floor(x, result);
}

internal readonly struct Ceil<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Ceiling(x, result);
}

internal readonly struct Trunc<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Truncate(x, result);
}

/// <summary>Ties go to the even neighbour.</summary>
internal readonly struct Rint<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Round(x, result);
}

internal readonly struct ModfFraction<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.IsInfinity(x) ? T.CopySign(T.Zero, x) : T.CopySign(x - T.Truncate(x), x);
}

internal readonly struct FrexpMantissa<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.IsZero(x) || !T.IsFinite(x) ? x : T.ScaleB(x, -T.ILogB(x) - 1);
}

internal readonly struct FrexpExponent<T> : IUnaryScalar<T, int>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int At(T x) => T.IsZero(x) || !T.IsFinite(x) ? 0 : T.ILogB(x) + 1;
}

/// <summary>The second argument is a whole number in floating form.</summary>
internal readonly struct Ldexp<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y) => T.ScaleB(x, int.CreateSaturating(y));
}

internal readonly struct CopySign<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y) => T.CopySign(x, y);
}

internal readonly struct NextAfter<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y) => T.IsNaN(x) || T.IsNaN(y) ? T.NaN : x == y ? y
        : T.IsZero(x) ? T.CopySign(T.Epsilon, y) : x < y ? T.BitIncrement(x) : T.BitDecrement(x);
}

internal readonly struct Spacing<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => !T.IsFinite(x) ? T.NaN : T.IsNegative(x) && !T.IsZero(x) ? T.BitDecrement(x) - x : T.BitIncrement(x) - x;
}
