using System.Runtime.CompilerServices;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Recipes never travel. A kernel's closure may hold one, because C# gives all lambdas of a method one closure and the
/// rules that build a layer use recipes; without this codec the whole graph, data included, would go along with a kernel.
/// An empty one arrives, which no kernel touches.
/// </summary>
/// <typeparam name="T">What stays behind.</typeparam>
internal sealed class LeftBehindCodec<T> : PayloadCodec<T>
    where T : class
{
    public override void Write(PayloadWriter writer, T value)
    {
    }

    public override T Read(ref PayloadReader reader) => (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
}

/// <inheritdoc cref="LeftBehindCodec{T}"/>
internal sealed class ArrayLeftBehindCodec<T> : PayloadCodec<DaskArray<T>>
    where T : unmanaged
{
    public override void Write(PayloadWriter writer, DaskArray<T> value)
    {
    }

    public override DaskArray<T> Read(ref PayloadReader reader) => (DaskArray<T>)RuntimeHelpers.GetUninitializedObject(typeof(DaskArray<T>));
}
