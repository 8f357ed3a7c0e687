using System.Numerics;

namespace Orleans.Dask.ClientLib.Tests.Files;

/// <summary>Arrays of every element type, with values that differ in every byte.</summary>
internal static class ManyTypes
{
    public static TheoryData<DType> All => [.. DTypes.All];

    public static NDArray Array(DType type, params int[] shape)
    {
        var random = new Random(7);
        var count = shape.Aggregate(1, (a, b) => a * b);
        NDArray Of<T>(Func<T> next)
            where T : unmanaged => NDArray.From([.. Enumerable.Range(0, count).Select(_ => next())], shape);
        return type switch
        {
            DType.Bool => Of(() => random.Next(2) == 1),
            DType.Int8 => Of(() => (sbyte)random.Next()),
            DType.UInt8 => Of(() => (byte)random.Next()),
            DType.Int16 => Of(() => (short)random.Next()),
            DType.UInt16 => Of(() => (ushort)random.Next()),
            DType.Int32 => Of(() => random.Next() * 3),
            DType.UInt32 => Of(() => (uint)random.NextInt64()),
            DType.Int64 => Of(() => random.NextInt64() * 3),
            DType.UInt64 => Of(() => (ulong)random.NextInt64() * 3),
            DType.Float16 => Of(() => (Half)(random.NextSingle() - 0.5f)),
            DType.Float32 => Of(() => random.NextSingle() - 0.5f),
            DType.Float64 => Of(() => random.NextDouble() - 0.5),
            _ => Of(() => new Complex(random.NextDouble(), random.NextDouble())),
        };
    }

    /// <summary>Chunked, as the untyped face.</summary>
    public static DaskArray Lazy(NDArray array, ChunkSpec chunks = default) =>
        DaskArray.Create(DaskArray.FromMemory(array, chunks.Resolve([.. array.Dimensions.Select(n => (long)n)], array.DType)));

    public static async Task<NDArray> ComputeAsync(DaskArray array, IGraphScheduler? scheduler = null)
    {
        var source = array.Source;
        var blocks = await (scheduler ?? new SynchronousScheduler()).ComputeAsync(source.Graph, array.Keys());
        return Orleans.Dask.Arrays.Assembly.Join(source.Grid, System.Array.ConvertAll(blocks, b => (NDArray)b!));
    }

    public static void Same(NDArray expected, NDArray actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.Dimensions, actual.Dimensions);
        Assert.Equal(Orleans.Dask.Arrays.ArrayToken.OfData(expected), Orleans.Dask.Arrays.ArrayToken.OfData(actual));
    }
}
