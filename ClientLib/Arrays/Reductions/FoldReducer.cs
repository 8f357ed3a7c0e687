using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Orleans.Dask.Arrays.Kernels;

namespace Orleans.Dask.Arrays;

/// <summary>How one kind of fold joins elements of a type.</summary>
internal interface IFold<TSelf, T>
    where TSelf : IFold<TSelf, T>
    where T : unmanaged
{
    static abstract T Identity { get; }

    static abstract T Join(T x, T y);

    /// <summary>All of a run, which is not empty.</summary>
    static abstract T Run(ReadOnlySpan<T> run);

    /// <summary>Element by element into <paramref name="into"/>.</summary>
    static abstract void Each(Span<T> into, ReadOnlySpan<T> from);

    /// <summary>Row after row into the one row <paramref name="into"/>, of as many columns.</summary>
    static virtual unsafe void Rows(T* into, T* from, int rows, int columns)
    {
        for (; rows > 0; rows--, from += columns)
        {
            TSelf.Each(new Span<T>(into, columns), new ReadOnlySpan<T>(from, columns));
        }
    }
}

/// <summary>Sum, product, extremes, any and all: one part, of the elements' type.</summary>
internal sealed unsafe class FoldReducer<TFold, T> : Reducer
    where TFold : IFold<TFold, T>
    where T : unmanaged
{
    public override DType Input => DTypes.Of<T>();

    public override DType Result => DTypes.Of<T>();

    public override NDArray[] Start(int[] shape)
    {
        var part = new NDArray<T>(shape);
        part.Data.Fill(TFold.Identity);
        return [part];
    }

    public override void Fold(byte* tile, byte** parts, long offset, int rows, int columns, long rowStep, long columnStep)
    {
        var into = (T*)parts[0] + offset;
        var from = (T*)tile;
        if (rowStep == 0 && columnStep == 0)
        {
            *into = TFold.Join(*into, TFold.Run(new ReadOnlySpan<T>(from, rows * columns)));
            return;
        }

        if (rowStep == 0 && columnStep == 1)
        {
            TFold.Rows(into, from, rows, columns);
            return;
        }

        for (var row = 0; row < rows; row++, from += columns, into += rowStep)
        {
            if (columnStep == 0)
            {
                *into = TFold.Join(*into, TFold.Run(new ReadOnlySpan<T>(from, columns)));
            }
            else if (columnStep == 1)
            {
                TFold.Each(new Span<T>(into, columns), new ReadOnlySpan<T>(from, columns));
            }
            else
            {
                for (long column = 0; column < columns; column++)
                {
                    into[column * columnStep] = TFold.Join(into[column * columnStep], from[column]);
                }
            }
        }
    }

    public override void Merge(NDArray[] into, NDArray[] from) =>
        TFold.Each(((NDArray<T>)into[0]).Data, ((NDArray<T>)from[0]).Span);

    public override NDArray Finish(NDArray[] parts) => parts[0];
}

internal readonly struct SumFold<T> : IFold<SumFold<T>, T>
    where T : unmanaged, INumberBase<T>
{
    public static T Identity => T.Zero;

    public static T Join(T x, T y) => x + y;

    public static T Run(ReadOnlySpan<T> run) => Sums.Of(run);

    public static void Each(Span<T> into, ReadOnlySpan<T> from) => TensorPrimitives.Add(into, from, into);

    public static unsafe void Rows(T* into, T* from, int rows, int columns) => Sums.Rows(into, from, rows, columns);
}

internal readonly struct ProductFold<T> : IFold<ProductFold<T>, T>
    where T : unmanaged, INumberBase<T>
{
    public static T Identity => T.One;

    public static T Join(T x, T y) => x * y;

    public static T Run(ReadOnlySpan<T> run) => TensorPrimitives.Product(run);

    public static void Each(Span<T> into, ReadOnlySpan<T> from) => TensorPrimitives.Multiply(into, from, into);
}

internal readonly struct MinimumFold<T> : IFold<MinimumFold<T>, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(double) ? (T)(object)double.PositiveInfinity
        : typeof(T) == typeof(float) ? (T)(object)float.PositiveInfinity
        : typeof(T) == typeof(Half) ? (T)(object)Half.PositiveInfinity : T.MaxValue;

    public static T Join(T x, T y) => T.Min(x, y);

    public static T Run(ReadOnlySpan<T> run) => TensorPrimitives.Min(run);

    public static void Each(Span<T> into, ReadOnlySpan<T> from) => TensorPrimitives.Min(into, from, into);
}

internal readonly struct MaximumFold<T> : IFold<MaximumFold<T>, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(double) ? (T)(object)double.NegativeInfinity
        : typeof(T) == typeof(float) ? (T)(object)float.NegativeInfinity
        : typeof(T) == typeof(Half) ? (T)(object)Half.NegativeInfinity : T.MinValue;

    public static T Join(T x, T y) => T.Max(x, y);

    public static T Run(ReadOnlySpan<T> run) => TensorPrimitives.Max(run);

    public static void Each(Span<T> into, ReadOnlySpan<T> from) => TensorPrimitives.Max(into, from, into);
}

internal readonly struct AnyFold : IFold<AnyFold, bool>
{
    public static bool Identity => false;

    public static bool Join(bool x, bool y) => x | y;

    public static bool Run(ReadOnlySpan<bool> run) => run.Contains(true);

    public static void Each(Span<bool> into, ReadOnlySpan<bool> from) =>
        TensorPrimitives.BitwiseOr(MemoryMarshal.Cast<bool, byte>(into), MemoryMarshal.Cast<bool, byte>(from), MemoryMarshal.Cast<bool, byte>(into));
}

internal readonly struct AllFold : IFold<AllFold, bool>
{
    public static bool Identity => true;

    public static bool Join(bool x, bool y) => x & y;

    public static bool Run(ReadOnlySpan<bool> run) => !run.Contains(false);

    public static void Each(Span<bool> into, ReadOnlySpan<bool> from) =>
        TensorPrimitives.BitwiseAnd(MemoryMarshal.Cast<bool, byte>(into), MemoryMarshal.Cast<bool, byte>(from), MemoryMarshal.Cast<bool, byte>(into));
}
