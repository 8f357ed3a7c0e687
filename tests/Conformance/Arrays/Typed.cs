using System.Reflection;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Generic calls for an element type known at run time.</summary>
internal static class Typed
{
    public static TResult Call<TResult>(DType type, string method, params object?[] arguments) =>
        (TResult)typeof(Typed).GetMethod(method)!.MakeGenericMethod(type.ClrType()).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    public static DaskArray FromArray<T>(Array data, int[] shape, ChunkSpec chunks)
        where T : unmanaged => DaskArray.FromArray(new NDArray<T>((T[])data, shape), chunks);

    public static DaskArray Scalar<T>(object value)
        where T : unmanaged => (DaskArray<T>)(T)value;

    public static async Task<NDArray> Compute<T>(DaskArray array, IGraphScheduler scheduler)
        where T : unmanaged => await ((DaskArray<T>)array).ComputeAsync(scheduler);

    public static object Masked<T>(DaskArray data, DaskArray mask)
        where T : unmanaged => MaskedForms.Make<T>(data, mask);

    public static DaskArray Index<T>(DaskArray array, IndexItem[] items)
        where T : unmanaged => ((DaskArray<T>)array)[items];

    public static DaskArray Mask<T>(DaskArray array, DaskArray<bool> mask)
        where T : unmanaged => ((DaskArray<T>)array)[mask];

    public static DaskArray Positions<T>(DaskArray array, DaskArray<long> positions)
        where T : unmanaged => ((DaskArray<T>)array)[positions];
}
