using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Arrays.Kernels;

// Truth values and bits. A bool is one byte of 0 or 1, so its operations are those of bytes.

internal readonly struct And : IBinary<bool, bool>
{
    public static void Run(ReadOnlySpan<bool> x, ReadOnlySpan<bool> y, Span<bool> result) =>
        TensorPrimitives.BitwiseAnd(MemoryMarshal.Cast<bool, byte>(x), MemoryMarshal.Cast<bool, byte>(y), MemoryMarshal.Cast<bool, byte>(result));
}

internal readonly struct Or : IBinary<bool, bool>
{
    public static void Run(ReadOnlySpan<bool> x, ReadOnlySpan<bool> y, Span<bool> result) =>
        TensorPrimitives.BitwiseOr(MemoryMarshal.Cast<bool, byte>(x), MemoryMarshal.Cast<bool, byte>(y), MemoryMarshal.Cast<bool, byte>(result));
}

internal readonly struct Xor : IBinary<bool, bool>
{
    public static void Run(ReadOnlySpan<bool> x, ReadOnlySpan<bool> y, Span<bool> result) =>
        TensorPrimitives.Xor(MemoryMarshal.Cast<bool, byte>(x), MemoryMarshal.Cast<bool, byte>(y), MemoryMarshal.Cast<bool, byte>(result));
}

internal readonly struct Not : IUnaryScalar<bool, bool>
{
    public static bool At(bool x) => !x;
}

internal readonly struct BitAnd<T> : IBinary<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.BitwiseAnd(x, y, result);
}

internal readonly struct BitOr<T> : IBinary<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.BitwiseOr(x, y, result);
}

internal readonly struct BitXor<T> : IBinary<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static void Run(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Xor(x, y, result);
}

internal readonly struct BitNot<T> : IUnary<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static void Run(ReadOnlySpan<T> x, Span<T> result) => TensorPrimitives.OnesComplement(x, result);
}

// .NET takes the shift count modulo the width; NumPy shifts everything out.

internal readonly struct LeftShift<T> : IBinaryScalar<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static unsafe T At(T x, T y) => T.IsNegative(y) || y >= T.CreateTruncating(sizeof(T) * 8) ? T.Zero : x << int.CreateTruncating(y);
}

internal readonly struct RightShift<T> : IBinaryScalar<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static unsafe T At(T x, T y) => T.IsNegative(y) || y >= T.CreateTruncating(sizeof(T) * 8)
        ? T.IsNegative(x) ? T.Zero - T.One : T.Zero : x >> int.CreateTruncating(y);
}
