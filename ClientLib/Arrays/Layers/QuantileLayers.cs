namespace Orleans.Dask.Arrays;

/// <summary>Medians and quantiles, exact. Lines no longer than a block come into blocks of fewer lines; longer ones stay where they are (<see cref="SelectedQuantiles"/>).</summary>
internal static class QuantileLayers
{
    /// <returns>The quantiles along a new first axis; reduced axes gone, or of length 1.</returns>
    public static Recipe Lower(Recipe input, double[] quantiles, int[] axes, bool keepDims, string method, bool skipNaN, long leastBytes = WorkChunks.LeastBytes)
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

        if (Array.Exists(axes, a => input.Shape[a] < 0))
        {
            throw new ChunkException($"Axis {Array.Find(axes, a => input.Shape[a] < 0)} has chunks of unknown sizes. Call ComputeChunkSizesAsync first.");
        }

        var numbers = Element.Cast(input, DType.Float64);
        var elements = WorkChunks.Budget(input, DType.Float64, leastBytes);
        var answer = Array.TrueForAll(axes, a => input.Chunks[a].Length == 1) ? Blocks(numbers, quantiles, axes, keepDims, method, skipNaN)
            : WorkChunks.Whole(input, axes, elements) is { } whole ? Blocks(Rechunk.To(numbers, whole), quantiles, axes, keepDims, method, skipNaN)
            : SelectedQuantiles.Lower(Rechunk.To(numbers, WorkChunks.Lines(input, axes, elements)).Materialize(), quantiles, axes, keepDims, method, skipNaN);
        long[][] chunks = [[quantiles.Length], .. Enumerable.Range(0, input.Rank).Where(a => keepDims || !axes.Contains(a)).Select(a => axes.Contains(a) ? Shapes.One : input.Chunks[a])];
        return Rechunk.To(answer, chunks);
    }

    private static SourceRecipe Blocks(Recipe lines, double[] quantiles, int[] axes, bool keepDims, string method, bool skipNaN)
    {
        var source = lines.Materialize();
        int[] kept = [.. Enumerable.Range(0, source.Rank).Where(a => !axes.Contains(a))];
        int[] left = [.. Enumerable.Range(0, source.Rank).Where(a => keepDims || !axes.Contains(a))];
        long[][] chunks = [[quantiles.Length], .. left.Select(a => axes.Contains(a) ? Shapes.One : source.Chunks[a])];
        return BlockMap.Lower("quantile", ArrayToken.Of(quantiles, axes, method, skipNaN, keepDims), DType.Float64, chunks, [source],
            position => [source.Key([.. Enumerable.Range(0, source.Rank).Select(a => axes.Contains(a) ? 0 : position[1 + Array.IndexOf(left, a)])])],
            (blocks, _) =>
            {
                var block = (NDArray<double>)blocks[0];
                var places = kept.Aggregate(1, (n, a) => n * block.Dimensions[a]);
                var length = axes.Aggregate(1, (n, a) => n * block.Dimensions[a]);
                var answer = Kernels.Quantiles.Run(block.Transpose([.. kept, .. axes]).Reshape(places, length), quantiles, method, skipNaN);
                return answer.Reshape([quantiles.Length, .. left.Select(a => axes.Contains(a) ? 1 : block.Dimensions[a])]);
            });
    }
}
