using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Distinct values over all chunks: per chunk, merged in a tree; how many is known only when computed.</summary>
internal static class UniqueLayers
{
    private const int FanIn = 8;

    /// <summary>Values, first positions, counts, each one chunk.</summary>
    public static SourceRecipe[] Lower<T>(Recipe array)
        where T : unmanaged
    {
        var source = Reshape.To(array, [-1]).Materialize();
        var token = ArrayToken.Of("unique", source.Layer);
        var chunk = $"unique-chunk-{token}";
        var name = chunk;
        var block = new KernelFunction("unique", arguments => SortedUnique.Block<T>((NDArray)arguments[0]!, (long)arguments[1]!));
        var merge = new KernelFunction("unique", arguments => SortedUnique.Merge<T>(Array.ConvertAll(arguments, a => (NDArray[])a!)));
        var starts = source.Grid.Starts(0);
        var count = source.Grid.Count;
        var graph = source.Graph.With(new BlockLayer(chunk, count, [source.Layer], i => new CallNode(new TaskKey(chunk, i), block, [source.Key(i)], [Input.At(0), starts[i]])));
        for (var level = 0; count > 1; level++)
        {
            var (from, to, before) = (name, $"unique-merge{level}-{token}", count);
            count = (count + FanIn - 1) / FanIn;
            graph = graph.With(new BlockLayer(to, count, [from], i => new CallNode(new TaskKey(to, i), merge, [.. Enumerable.Range(i * FanIn, Math.Min(FanIn, before - (i * FanIn))).Select(k => new TaskKey(from, k))])));
            name = to;
        }

        return [.. new[] { array.Type, DType.Int64, DType.Int64 }.Select((type, part) =>
        {
            var (from, layer) = (name, $"unique-{part}-{token}");
            var take = new KernelFunction("unique", arguments => ((NDArray[])arguments[0]!)[part]);
            return new SourceRecipe(type, [[Shapes.Unknown]], layer, graph.With(new BlockLayer(layer, 1, [from], _ => new CallNode(new TaskKey(layer, 0), take, new TaskKey(from, 0)))));
        })];
    }
}
