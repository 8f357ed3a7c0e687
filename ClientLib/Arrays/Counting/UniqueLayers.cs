using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Distinct values over all chunks: those of each block, split into ranges of values of about equal size (by a sample), each
/// range folded by itself. Few blocks make one range. How many values there are is known only when computed.
/// </summary>
/// <param name="Values">Distinct values, ascending.</param>
/// <param name="Index">Where each occurs first.</param>
/// <param name="Counts">How often each occurs.</param>
/// <param name="Inverse">Of every element, where its value stands among the distinct ones.</param>
internal sealed record UniqueLayers(SourceRecipe Values, SourceRecipe Index, SourceRecipe Counts, SourceRecipe Inverse)
{
    /// <summary>How many blocks' worth of distinct values one range may hold.</summary>
    private const int BlocksPerRange = 4;

    public static UniqueLayers Lower<T>(Recipe array, long leastBytes = WorkChunks.LeastBytes)
        where T : unmanaged
    {
        var source = Reshape.To(array, [-1]).Materialize();
        var (starts, blocks) = (source.Grid.Starts(0), source.Grid.Count);
        var longest = source.IsKnown ? source.Chunks[0].Max() : 1;
        var ranges = source.IsKnown ? (int)(source.Shape[0] / (BlocksPerRange * WorkChunks.Budget(source, source.Type, leastBytes))) + 1 : 1;
        var stages = new Stages("unique", ranges, source);
        var own = stages.Add("block", blocks, [source.Layer], static (values, numbers) => SortedUnique.Block<T>((NDArray)values[0]!, numbers[0]), i => [source.Key(i)], i => [starts[i]]);
        var pieces = own;
        string folded;
        if (ranges == 1)
        {
            folded = AxisTree.Merge(stages, "merge", own, [blocks], 0, static (values, _) => SortedUnique.Merge<T>(values), []);
        }
        else
        {
            var every = Math.Max(1, (long)Math.Sqrt(longest / 2.0));
            var sample = stages.Add("sample", blocks, [own], static (values, numbers) => RankWindows.Sample<T>(((NDArray<T>)((NDArray[])values[0]!)[0]).Span, (int)numbers[0]), i => [new TaskKey(own, i)], _ => [every]);
            var split = stages.Add("split", 1, [sample], static (values, numbers) => Splitters<T>(values, (int)numbers[0]), _ => WindowStages.Keys(sample, 0, blocks), _ => [ranges]);
            pieces = stages.Add("piece", blocks * ranges, [own, split], static (values, numbers) => Range<T>((NDArray[])values[0]!, (NDArray<T>)values[1]!, (int)numbers[0]),
                i => [new TaskKey(own, i / ranges), new TaskKey(split, 0)], i => [i % ranges]);
            var cut = pieces;
            folded = stages.Add("fold", ranges, [cut], static (values, _) => SortedUnique.Merge<T>(values), range => [.. Enumerable.Range(0, blocks).Select(b => new TaskKey(cut, (b * ranges) + range))]);
        }

        var sizes = stages.Add("size", ranges, [folded], static (values, _) => (long)((NDArray[])values[0]!)[0].Size, i => [new TaskKey(folded, i)]);
        var places = stages.Add("place", blocks * ranges, [pieces, folded], static (values, _) => Places<T>((NDArray[])values[0]!, (NDArray[])values[1]!),
            i => [new TaskKey(pieces, i), new TaskKey(folded, i % ranges)]);
        var inverse = stages.Add("inverse", blocks, [source.Layer, own, places, sizes], static (values, numbers) => Positions<T>(values, (int)numbers[0]),
            i => [source.Key(i), new TaskKey(own, i), .. WindowStages.Keys(places, i * ranges, ranges), .. WindowStages.Keys(sizes, 0, ranges)], _ => [ranges]);
        string Part(int part) => stages.Add($"{part}", ranges, [folded], static (values, numbers) => ((NDArray[])values[0]!)[numbers[0]], i => [new TaskKey(folded, i)], _ => [part]);
        long[][] unknown = [[.. Enumerable.Repeat(Shapes.Unknown, ranges)]];
        var (first, second, third) = (Part(0), Part(1), Part(2));
        return new UniqueLayers(stages.Result(source.Type, unknown, first), stages.Result(DType.Int64, unknown, second), stages.Result(DType.Int64, unknown, third), stages.Result(DType.Int64, source.Chunks, inverse));
    }

    /// <summary>Values at which ranges begin.</summary>
    private static NDArray<T> Splitters<T>(object?[] samples, int ranges)
        where T : unmanaged
    {
        T[] all = [.. samples.SelectMany(s => ((NDArray<T>)s!).ToArray())];
        Runs.Sort<T>(all);
        return all.Length == 0 ? new NDArray<T>([0]) : (NDArray<T>)Enumerable.Range(1, ranges - 1).Select(i => all[(int)((long)i * all.Length / ranges)]).ToArray();
    }

    /// <summary>What of a block's distinct values lies in one range.</summary>
    private static NDArray[] Range<T>(NDArray[] block, NDArray<T> splitters, int range)
        where T : unmanaged
    {
        var values = ((NDArray<T>)block[0]).Span;
        var from = range == 0 ? 0 : range > splitters.Size ? values.Length : Before(values, splitters.Span[range - 1]);
        var to = range >= splitters.Size ? values.Length : Before(values, splitters.Span[range]);
        return [(NDArray<T>)values[from..to].ToArray(), .. block.Skip(1).Select(b => (NDArray)(NDArray<long>)((NDArray<long>)b).Span[from..to].ToArray())];
    }

    /// <summary>Where each distinct value of a piece stands in its range; both ascend.</summary>
    private static long[] Places<T>(NDArray[] piece, NDArray[] range)
        where T : unmanaged
    {
        var own = ((NDArray<T>)piece[0]).Span;
        var all = ((NDArray<T>)range[0]).Span;
        var places = new long[own.Length];
        var at = 0;
        for (var i = 0; i < own.Length; i++)
        {
            while (NumpyOrder.Less(all[at], own[i]))
            {
                at++;
            }

            places[i] = at;
        }

        return places;
    }

    /// <summary>Values: the block, its distinct values, their places by range, the ranges' sizes.</summary>
    private static NDArray<long> Positions<T>(object?[] values, int ranges)
        where T : unmanaged
    {
        var block = (NDArray<T>)values[0]!;
        var distinct = ((NDArray<T>)((NDArray[])values[1]!)[0]).Span;
        var places = new List<long>(distinct.Length);
        long before = 0;
        for (var range = 0; range < ranges; range++)
        {
            var offset = before;
            places.AddRange(((long[])values[2 + range]!).Select(p => p + offset));
            before += (long)values[2 + ranges + range]!;
        }

        NDArray<long> result = new(block.Dimensions);
        var elements = block.Span;
        for (var i = 0; i < elements.Length; i++)
        {
            result.Data[i] = places[Before(distinct, elements[i])];
        }

        return result;
    }

    /// <summary>How many of ascending values come before one.</summary>
    private static int Before<T>(ReadOnlySpan<T> values, T value)
        where T : unmanaged
    {
        var (low, high) = (0, values.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = NumpyOrder.Less(values[middle], value) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
