using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Running sums: each block's total first (small), then what came before each block (a chain over the totals), then the
/// blocks themselves, each starting from its carry. Blocks are read twice, written once.
/// </summary>
internal static class ScanLayers
{
    public static Recipe Lower<T>(Recipe input, int axis, bool product)
        where T : unmanaged, INumberBase<T>
    {
        axis = Strided.Axis(axis, input.Rank);
        var label = product ? "cumprod" : "cumsum";
        var source = input.Materialize();
        var blocks = source.Chunks[axis].Length;
        var totals = Totals(source, axis, product);
        var graph = TaskGraph.Merge(source.Graph, totals.Graph);
        var name = $"{label}-{ArrayToken.Of(label, source.Layer, axis)}";
        var carry = $"{label}-carry-{ArrayToken.Of(name)}";
        var add = new KernelFunction(label + "-carry", arguments => Elementwise.Call(product ? "multiply" : "add", (NDArray)arguments[0]!, (NDArray)arguments[1]!), lends: true);
        graph = graph.With(new BlockLayer(carry, source.Grid.Count, [carry, totals.Layer], index =>
        {
            // Carry of block k is what blocks 0 to k - 1 add up to.
            var position = source.Grid.Position(index);
            var key = new TaskKey(carry, index);
            if (position[axis] == 0)
            {
                return new DataNode(key, null);
            }

            position[axis]--;
            return position[axis] == 0
                ? new AliasNode(key, totals.Key(position))
                : new CallNode(key, add, new TaskKey(carry, source.Grid.Index(position)), totals.Key(position));
        }));
        var function = new KernelFunction(label, arguments => Kernels.Accumulate.Run<T>((NDArray)arguments[0]!, (NDArray?)arguments[1], axis, product), lends: true);
        var layer = new BlockLayer(name, source.Grid.Count, [source.Layer, carry], index => new CallNode(new TaskKey(name, index), function, source.Key(index), new TaskKey(carry, index)));
        return new SourceRecipe(source.Type, source.Chunks, name, graph.With(layer));
    }

    /// <summary>Each block folded along the axis, which keeps one place per block.</summary>
    private static SourceRecipe Totals(SourceRecipe source, int axis, bool product)
    {
        var reducer = product ? Reducers.Product(source.Type) : Reducers.Sum(source.Type);
        var chunks = (long[][])source.Chunks.Clone();
        chunks[axis] = [.. chunks[axis].Select(_ => 1L)];
        return BlockMap.Each(product ? "prod" : "sum", axis, source.Type, source, chunks, block => Reduction.Run(reducer, block, [axis], keepDims: true), lends: true);
    }
}
