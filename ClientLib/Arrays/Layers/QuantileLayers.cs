namespace Orleans.Dask.Arrays;

/// <summary>Medians and quantiles: the reduced axes come into one chunk, each block sorts its rows.</summary>
internal static class QuantileLayers
{
    /// <returns>The quantiles along a new first axis; reduced axes gone, or of length 1.</returns>
    public static Recipe Lower(Recipe input, double[] quantiles, int[] axes, bool keepDims, string method, bool skipNaN)
    {
        foreach (var q in quantiles)
        {
            if (!(q >= 0 && q <= 1))
            {
                throw new ArrayException($"Quantile {q} does not exist. Quantiles go from 0 to 1, percentiles from 0 to 100.");
            }
        }

        if (method is not ("linear" or "lower" or "higher" or "nearest" or "midpoint"))
        {
            throw new ArrayException($"Method '{method}' is unknown. Pass linear, lower, higher, nearest or midpoint.");
        }

        var source = BlockMap.Whole(Element.Cast(input, DType.Float64), axes).Materialize();
        int[] kept = [.. Enumerable.Range(0, input.Rank).Where(a => !axes.Contains(a))];
        var chunks = new List<long[]> { new long[] { quantiles.Length } };
        for (var axis = 0; axis < input.Rank; axis++)
        {
            if (!axes.Contains(axis))
            {
                chunks.Add(source.Chunks[axis]);
            }
            else if (keepDims)
            {
                chunks.Add(Shapes.One);
            }
        }

        return BlockMap.Lower("quantile", (quantiles, method, skipNaN, axes.Length, keepDims).ToString() + ArrayToken.Of(quantiles, axes), DType.Float64, [.. chunks], [source],
            position =>
            {
                var block = new int[source.Rank];
                var next = 1;
                for (var axis = 0; axis < block.Length; axis++)
                {
                    block[axis] = axes.Contains(axis) ? 0 : position[next];
                    next += axes.Contains(axis) && !keepDims ? 0 : 1;
                }

                return [source.Key(block)];
            },
            (blocks, _) =>
            {
                var block = (NDArray<double>)blocks[0];
                var places = kept.Aggregate(1, (n, a) => n * block.Dimensions[a]);
                var length = axes.Aggregate(1, (n, a) => n * block.Dimensions[a]);
                var answer = Kernels.Quantiles.Run(block.Transpose([.. kept, .. axes]).Reshape(places, length), quantiles, method, skipNaN);
                int[] shape = [quantiles.Length, .. Enumerable.Range(0, block.Rank).Where(a => keepDims || !axes.Contains(a)).Select(a => axes.Contains(a) ? 1 : block.Dimensions[a])];
                return answer.Reshape(shape);
            });
    }
}
