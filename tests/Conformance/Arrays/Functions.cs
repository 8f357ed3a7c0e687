namespace Orleans.Dask.Conformance.Arrays;

/// <summary>The named functions of the vectors, as C# lambdas.</summary>
internal static class Functions
{
    /// <summary>An index function.</summary>
    public static DaskArray FromFunction(string name, Shape shape, DType type, ChunkSpec chunks) => name switch
    {
        "sum_idx" => DaskArray.FromFunction(i => i.Sum(), shape, chunks).AsType(type),
        "prod_idx" => DaskArray.FromFunction(i => i.Aggregate(1L, (a, b) => a * b), shape, chunks).AsType(type),
        "first_minus_last" => DaskArray.FromFunction(i => i[0] - i[^1], shape, chunks).AsType(type),
        _ => DaskArray.FromFunction(i => i[0] == i[^1], shape, chunks),
    };
}
