namespace Orleans.Dask.Conformance.Arrays;

/// <summary>How inputs are cut: as the vector gives it, or otherwise.</summary>
internal static class Chunkings
{
    public static IReadOnlyList<string> Names => ["given", "two", "one"];

    public static Func<long[], long[][], ChunkSpec> Named(string name) => name switch
    {
        "given" => (_, chunks) => chunks,
        "two" => (shape, _) => Array.ConvertAll(shape, l => new[] { Math.Min(2, l) }),
        _ => (shape, _) => Array.ConvertAll(shape, l => new[] { l }),
    };
}
