using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>ArgMin and ArgMax: positions per block, then a tree.</summary>
internal static class ArgLayers
{
    public static Recipe Lower<T>(Recipe input, int? axis, bool largest, bool skipNaN, bool keepDims, int splitEvery, string label)
        where T : unmanaged, INumber<T>
    {
        var place = axis is { } a ? Strided.Axis(a, input.Rank) : (int?)null;
        int[] axes = place is { } one ? [one] : [.. Enumerable.Range(0, input.Rank)];
        if (Array.Exists(axes, x => input.Shape[x] == 0))
        {
            throw new ArrayException($"There is no {label} of no elements: shape {Strided.Text(input.Shape)} is empty along the reduced axes.");
        }

        if (!input.IsKnown)
        {
            throw new ChunkException("Positions in an array with chunks of unknown sizes are unknown. Call ComputeChunkSizesAsync first.");
        }

        var source = input.Materialize();
        var whole = input.Shape;
        var reducer = new ArgReducer<T>(largest, skipNaN);
        var token = ArrayToken.Of(label, source.Layer, axes, keepDims, splitEvery, axis is null);
        var name = $"{label}-chunk-{token}";
        var function = new KernelFunction(label, arguments => reducer.Block((NDArray)arguments[1]!, place, (long[])arguments[0]!, whole));
        var layer = new BlockLayer(name, source.Grid.Count, [source.Layer], index =>
            new CallNode(new TaskKey(name, index), function, [source.Key(index)], [source.Grid.Origin(source.Grid.Position(index)), Input.At(0)]));
        return ReduceLayers.Tree(input, name, source.Graph.With(layer), false, reducer, axes, keepDims, splitEvery, label, token);
    }
}
