using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Learns chunk sizes that only computing tells.</summary>
internal static class ChunkSizes
{
    public static async Task<Recipe> LearnAsync(SourceRecipe source, IGraphScheduler scheduler, CancellationToken cancellationToken)
    {
        if (source.IsKnown)
        {
            return source;
        }

        var name = "chunk-shape-" + ArrayToken.Of(source.Layer);
        var function = new KernelFunction("chunk-shape", arguments => ((NDArray)arguments[0]!).Dimensions);
        var graph = source.Graph.With(new BlockLayer(name, source.Grid.Count, [source.Layer], i => new CallNode(new TaskKey(name, i), function, source.Key(i))));
        var shapes = await scheduler.ComputeAsync<int[]>(graph, [.. Enumerable.Range(0, source.Grid.Count).Select(i => new TaskKey(name, i))], cancellationToken);
        return new SourceRecipe(source.Type, Assembly.Sizes(source.Grid, shapes), source.Layer, source.Graph);
    }
}
