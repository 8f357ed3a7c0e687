using Orleans.Dask.Arrays.Kernels;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Exact quantiles of more elements than a block may hold: every block sorts its own, and the elements next to each quantile
/// are picked by their rank among all (<see cref="RankWindows"/>).
/// </summary>
internal static class SelectedQuantiles
{
    /// <param name="source">Of double; axes that stay have chunks of 1.</param>
    /// <param name="quantiles">In 0 to 1.</param>
    /// <param name="axes">Axes that go.</param>
    /// <param name="keepDims">Leave them with length 1.</param>
    /// <param name="method">As of <see cref="Quantiles"/>.</param>
    /// <param name="skipNaN">Leave NaN out.</param>
    public static SourceRecipe Lower(SourceRecipe source, double[] quantiles, int[] axes, bool keepDims, string method, bool skipNaN)
    {
        var grid = source.Grid;
        int[] kept = [.. Enumerable.Range(0, source.Rank).Where(a => !axes.Contains(a))];
        var lines = kept.Aggregate(1, (n, a) => n * grid.Counts[a]);
        var runs = grid.Count / lines;
        int[] counts = [.. kept.Select(a => grid.Counts[a]), .. axes.Select(a => grid.Counts[a])];
        var places = new TaskKey[grid.Count];
        var step = new int[counts.Length];
        var block = new int[counts.Length];
        for (var i = 0; i < places.Length; i++)
        {
            for (var axis = 0; axis < step.Length; axis++)
            {
                block[axis < kept.Length ? kept[axis] : axes[axis - kept.Length]] = step[axis];
            }

            places[i] = source.Key(block);
            Walk.Next(step, counts);
        }

        var stages = new Stages("quantile", ArrayToken.Of(quantiles, method, skipNaN, axes, keepDims), source);
        var sorted = stages.Add("run", places.Length, [source.Layer], static (values, _) => Run((NDArray<double>)values[0]!), i => [places[i]]);
        var sizes = stages.Add("size", places.Length, [sorted], static (values, _) => Array.ConvertAll((NDArray[])values[0]!, r => (long)r.Size), i => [new TaskKey(sorted, i)]);
        var longest = Enumerable.Range(0, grid.Count).Max(i => grid.Shape(grid.Position(i)).Aggregate(1L, (a, b) => a * b));
        long[] asked = Array.ConvertAll(quantiles, BitConverter.DoubleToInt64Bits);
        var found = WindowStages.Add<double>(stages, sorted, lines, runs, longest, 2 * quantiles.Length, static (numbers, length) => [.. numbers.SelectMany(n =>
        {
            var (below, above) = Quantiles.Ranks(BitConverter.Int64BitsToDouble(n), length);
            return new[] { below, above };
        })], asked);
        var picked = stages.Add("pick", lines * found.Groups, [found.Plan, found.Parts], static (values, numbers) =>
        {
            var (windows, parts) = WindowStages.Unpack<double>(values);
            return parts.Select((p, j) => Array.TrueForAll(p, x => x.Size == 0) ? double.NaN : windows.Pick((int)numbers[0] + j, p)).ToArray();
        }, found.Needs, i => [i % found.Groups * found.GroupSize]);
        long[][] chunks = [[quantiles.Length], .. Enumerable.Range(0, source.Rank).Where(a => keepDims || !axes.Contains(a)).Select(a => axes.Contains(a) ? Shapes.One : source.Chunks[a])];
        var name = stages.Add("answer", lines, [picked, sizes], Answer(quantiles, method, skipNaN),
            line => [.. WindowStages.Keys(picked, line * found.Groups, found.Groups), .. WindowStages.Keys(sizes, line * runs, runs)], _ => [found.Groups, chunks.Length - 1]);
        return stages.Result(DType.Float64, chunks, name);
    }

    /// <summary>The quantiles of one line. In a method of its own: its closure travels, and holds these alone.</summary>
    private static Func<object?[], long[], object?> Answer(double[] quantiles, string method, bool skipNaN) => (values, numbers) =>
    {
        var elements = values.Take((int)numbers[0]).SelectMany(v => (double[])v!).ToArray();
        var lengths = Array.ConvertAll(values[(int)numbers[0]..], v => (long[])v!);
        var (valid, all) = (lengths.Sum(l => l[0]), lengths.Sum(l => l.Sum()));
        int[] shape = [quantiles.Length, .. Enumerable.Repeat(1, (int)numbers[1])];
        return new NDArray<double>([.. quantiles.Select((q, i) => valid == 0 || (valid < all && !skipNaN) ? double.NaN : Quantiles.Between(elements[2 * i], elements[(2 * i) + 1], q, valid, method))], shape);
    };

    /// <summary>The elements of a block in order, and those that are NaN.</summary>
    private static NDArray[] Run(NDArray<double> block)
    {
        var values = block.ToArray();
        var sorted = Quantiles.Sorted(values);
        return [(NDArray<double>)sorted.ToArray(), (NDArray<double>)values[..^sorted.Length]];
    }
}
