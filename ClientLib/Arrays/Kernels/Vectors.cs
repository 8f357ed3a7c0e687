using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.Arrays.Kernels;

/// <summary>A function of two vectors, and of what does not fill one.</summary>
internal interface IVectors<T>
    where T : unmanaged
{
    static abstract Vector512<T> Of(Vector512<T> x, Vector512<T> y);

    static abstract void Rest(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result);
}

/// <summary>A loop over vectors that is compiled in full at once, where the library's begin slowly and are improved while they run.</summary>
internal static class Vectors
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TFunction>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged
        where TFunction : IVectors<T>
    {
        var i = 0;
        for (; Vector512.IsHardwareAccelerated && Vector512<T>.IsSupported && i + Vector512<T>.Count <= result.Length; i += Vector512<T>.Count)
        {
            TFunction.Of(Vector512.LoadUnsafe(in x[i]), Vector512.LoadUnsafe(in y[i])).StoreUnsafe(ref result[i]);
        }

        TFunction.Rest(x[i..], y[i..], result[i..]);
    }
}
