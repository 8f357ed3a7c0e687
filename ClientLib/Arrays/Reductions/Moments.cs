namespace Orleans.Dask.Arrays;

/// <summary>Moments and weighted means, put together from expressions and sums.</summary>
internal static class Moments
{
    public static Recipe Central(Recipe x, int order, int[] axes, bool keepDims, double ddof)
    {
        var mean = ReduceLayers.Lower(x, Reducers.Mean(x.Type), axes, keepDims: true, ReduceLayers.DefaultSplitEvery, "mean");
        var apart = Element.Call("subtract", x, mean);
        var power = Element.Call("power", apart, Element.Scalar(x.Type, Constants.Convert(order, x.Type)));
        var sum = ReduceLayers.Lower(power, Reducers.Sum(x.Type), axes, keepDims, ReduceLayers.DefaultSplitEvery, "moment");
        var count = axes.Aggregate(1.0, (n, a) => n * x.Shape[a]);
        return Element.Cast(Element.Call("divide", sum, Element.Scalar(x.Type, Constants.Convert(count - ddof, x.Type))), x.Type);
    }

    /// <summary>How many elements each place stands for, in the shape of the answer.</summary>
    public static Recipe Count(Recipe x, int[] axes, Recipe answer) =>
        Element.Constant(answer.Type, Constants.Convert(axes.Aggregate(1.0, (n, a) => n * x.Shape[a]), answer.Type), answer.Chunks);

    public static (Recipe Average, Recipe Weights) Average(Recipe x, Recipe weights, int[]? axis, int rank)
    {
        var axes = Strided.Axes(axis, rank);
        if (!weights.Shape.AsSpan().SequenceEqual(x.Shape))
        {
            if (weights.Rank != 1 || axes.Length != 1 || axis is null || weights.Shape[0] != x.Shape[axes[0]])
            {
                throw axis is null && weights.Rank == 1 ? new AxisException("Weights of one axis need to know along which axis they lie. Pass it.")
                    : new ShapeException($"Weights of shape {Strided.Text(weights.Shape)} for an array of shape {Strided.Text(x.Shape)}. Pass the same shape, or one axis as long as the averaged one.");
            }

            int[] places = [.. Enumerable.Range(0, rank - axes[0]).Select(a => a == 0 ? 0 : -1)];
            weights = Element.Axes(weights, places, [weights.Chunks[0], .. places.Skip(1).Select(_ => Shapes.One)]);
            weights = Element.BroadcastTo(weights, x.Shape, x.Chunks);
        }

        var every = ReduceLayers.DefaultSplitEvery;
        var sum = ReduceLayers.Lower(weights, Reducers.Sum(weights.Type), axes, keepDims: false, every, "sum");
        var checkedSum = BlockMap.Each("weights", null, sum.Type, sum, sum.Chunks, block =>
            Reduction.Run(Reducers.Any(), Elementwise.Call("logical_not", block), null, keepDims: false) is NDArray<bool> zero && zero.ToScalar()
                ? throw new ArrayException("Weights sum to zero, so there is no weighted mean. Pass weights with another sum.")
                : block);
        var total = ReduceLayers.Lower(Element.Call("multiply", x, weights), Reducers.Sum(x.Type), axes, keepDims: false, every, "sum");
        return (Element.Call("divide", total, checkedSum), checkedSum);
    }
}
