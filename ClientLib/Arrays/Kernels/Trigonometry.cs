using System.Numerics;
using System.Numerics.Tensors;

namespace Orleans.Dask.Arrays.Kernels;

// Circular and hyperbolic functions, in radians.

internal readonly struct Sin<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Sin(x, result);
}

internal readonly struct Cos<T> : IUnary<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.Cos(x, result);
}

internal readonly struct Tan<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Tan(x);
}

internal readonly struct ArcSin<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Asin(x);
}

internal readonly struct ArcCos<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Acos(x);
}

internal readonly struct ArcTan<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Atan(x);
}

internal readonly struct Sinh<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Sinh(x);
}

internal readonly struct Cosh<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Cosh(x);
}

internal readonly struct Tanh<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Tanh(x);
}

internal readonly struct ArcSinh<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Asinh(x);
}

internal readonly struct ArcCosh<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Acosh(x);
}

internal readonly struct ArcTanh<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.Atanh(x);
}

internal readonly struct Degrees<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => x * T.CreateTruncating(180 / Math.PI);
}

internal readonly struct Radians<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => x * T.CreateTruncating(Math.PI / 180);
}

internal readonly struct ArcTan2<T> : IBinaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x, T y) => T.Atan2(x, y);
}

/// <summary>sin(pi x) / (pi x), and 1 at 0.</summary>
internal readonly struct Sinc<T> : IUnaryScalar<T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T At(T x) => T.IsZero(x) ? T.One : T.Sin(T.Pi * x) / (T.Pi * x);
}
