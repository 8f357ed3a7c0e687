using System.Numerics;
using System.Numerics.Tensors;

namespace Orleans.Dask.Arrays.Kernels;

// From one element type to another: toward zero, wrapping where too narrow, true where not zero.

internal readonly struct Cast<TFrom, TTo> : IUnary<TFrom, TTo>
    where TFrom : unmanaged, INumber<TFrom>
    where TTo : unmanaged, INumber<TTo>
{
    public static void Run(ReadOnlySpan<TFrom> x, Span<TTo> result) => TensorPrimitives.ConvertTruncating(x, result);
}

/// <summary>Through a signed 64-bit integer, so that a value out of range wraps as it does in NumPy on x86.</summary>
internal readonly struct CastFloatToInteger<TFrom, TTo> : IUnaryScalar<TFrom, TTo>
    where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
    where TTo : unmanaged, IBinaryInteger<TTo>
{
    public static TTo At(TFrom x) => typeof(TTo) == typeof(ulong) && x >= TFrom.CreateTruncating(9.2233720368547758e18)
        ? TTo.CreateTruncating(ulong.CreateSaturating(x))
        : TTo.CreateTruncating(TFrom.IsFinite(x) ? long.CreateSaturating(x) : long.MinValue);
}

internal readonly struct CastToBool<T> : IUnaryScalar<T, bool>
    where T : unmanaged, INumberBase<T>
{
    public static bool At(T x) => !T.IsZero(x);
}

internal readonly struct CastFromBool<T> : IUnaryScalar<bool, T>
    where T : unmanaged, INumberBase<T>
{
    public static T At(bool x) => x ? T.One : T.Zero;
}

internal readonly struct CastToComplex<T> : IUnaryScalar<T, Complex>
    where T : unmanaged, INumber<T>
{
    public static Complex At(T x) => new(double.CreateTruncating(x), 0);
}

/// <summary>The imaginary part is dropped.</summary>
internal readonly struct CastComplex<T> : IUnaryScalar<Complex, T>
    where T : unmanaged, INumber<T>
{
    public static T At(Complex x) => T.CreateTruncating(x.Real);
}
