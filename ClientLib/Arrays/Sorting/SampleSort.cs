using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Sorts lines that are longer than a block may be. Every block sorts its run; <see cref="RankWindows"/> tells where each run is
/// cut so that the k-th pieces of all runs together are exactly chunk k of the answer; pieces travel and are merged.
/// </summary>
/// <remarks>
/// <code>
///   blocks    5 1 9│2 8 3│7 4 6     runs   1│5 9   2 3│8   │4 6 7      chunks   1 2 3│4 5 6│7 8 9
///                                   cuts     └ 0‥1   └ 0‥2  └ 0‥0   for the first of them
/// </code>
/// A task holds one block, its own share of the answer, or a sample; never a line.
/// </remarks>
internal static class SampleSort
{
    /// <param name="source">All axes but one have chunks of 1.</param>
    /// <param name="axis">That axis.</param>
    /// <param name="positions">Answer where the elements stood, not what they are.</param>
    public static SourceRecipe Lower<T>(SourceRecipe source, int axis, bool positions)
        where T : unmanaged
    {
        var chunks = source.Chunks[axis];
        var (runs, starts) = (chunks.Length, source.Grid.Starts(axis));
        var lines = source.Grid.Count / runs;
        var inner = source.Grid.Counts.Skip(axis + 1).Aggregate(1, (a, b) => a * b);
        var places = new TaskKey[source.Grid.Count];
        for (var block = 0; block < places.Length; block++)
        {
            // Number line * runs + run of the steps, for blocks numbered (outer, run, inner).
            var line = (block / (runs * inner) * inner) + (block % inner);
            places[(line * runs) + (block / inner % runs)] = source.Key(block);
        }

        var stages = new Stages(positions ? "argsort" : "sort", axis, source);
        var sorted = stages.Add("run", places.Length, [source.Layer], static (values, numbers) => Run<T>((NDArray)values[0]!, numbers), i => [places[i]],
            i => positions ? [starts[i % runs]] : []);
        var found = WindowStages.Add<T>(stages, sorted, lines, runs, chunks.Max(), runs - 1, static (ends, _) => ends, starts[1..^1]);
        var cuts = stages.Add("cut", lines * found.Groups, [found.Plan, found.Parts], static (values, numbers) =>
        {
            var (windows, parts) = WindowStages.Unpack<T>(values);
            return parts.SelectMany((p, j) => windows.Cut((int)numbers[0] + j, p)).ToArray();
        }, found.Needs, i => [i % found.Groups * found.GroupSize]);
        TaskKey Cut(int line, int rank) => new(cuts, (line * found.Groups) + (rank / found.GroupSize));
        var pieces = stages.Add("piece", places.Length * runs, [sorted, cuts], static (values, numbers) => Piece<T>(values, numbers), index =>
        {
            var (block, piece) = Math.DivRem(index, runs);
            var line = block / runs;
            return [new TaskKey(sorted, block), Cut(line, Math.Max(0, piece - 1)), Cut(line, Math.Min(runs - 2, piece))];
        }, index =>
        {
            var (run, piece) = (index / runs % runs, index % runs);
            int Place(int rank) => (rank % found.GroupSize * runs) + run;
            return [piece == 0 ? -1 : Place(piece - 1), piece == runs - 1 ? -1 : Place(piece)];
        }, takesSpilled: true);
        var grid = source.Grid;
        var merged = stages.Add("merge", places.Length, [pieces], static (values, numbers) => Merge<T>(values, numbers), block =>
        {
            var line = (block / (runs * inner) * inner) + (block % inner);
            var piece = block / inner % runs;
            var keys = new TaskKey[runs];
            for (var run = 0; run < runs; run++)
            {
                keys[run] = new TaskKey(pieces, (((line * runs) + run) * runs) + piece);
            }

            return keys;
        }, block => Array.ConvertAll(grid.Shape(grid.Position(block)), l => (long)l), takesSpilled: true);
        return stages.Result(positions ? DType.Int64 : source.Type, source.Chunks, merged);
    }

    /// <summary>One block sorted; with its first position also where each element stood.</summary>
    private static NDArray[] Run<T>(NDArray block, long[] first)
        where T : unmanaged
    {
        NDArray<T> values = new([block.Size]);
        Strided.CopyTo(block, values.Reshape(block.Dimensions));
        if (first.Length == 0)
        {
            Runs.Sort(values.Data);
            return [values];
        }

        NDArray<long> positions = new([block.Size]);
        SortLines.Count(positions.Data, first[0]);
        Runs.Sort(values.Data, positions.Data);
        return [values, positions];
    }

    /// <summary>What a run gives to one chunk of the answer; in an array of its own, so that the run can go.</summary>
    private static NDArray[] Piece<T>(object?[] values, long[] places)
        where T : unmanaged
    {
        var run = values[0]!;
        var lengths = WindowStages.Lengths(run);
        var from = places[0] < 0 ? 0 : (int)((long[])values[1]!)[places[0]];
        var to = places[1] < 0 ? lengths[0] : (int)((long[])values[2]!)[places[1]];
        var piece = WindowStages.Part<T>(run, 0, from, to);
        return lengths.Length == 1 ? [piece] : [piece, WindowStages.Part<long>(run, 1, from, to)];
    }

    private static NDArray Merge<T>(object?[] pieces, long[] shape)
        where T : unmanaged
    {
        var lengths = Array.ConvertAll(pieces, p => WindowStages.Lengths(p!));
        var size = lengths.Sum(l => l[0]);
        NDArray<T> values = new([size]);
        var positions = lengths[0].Length == 1 ? null : new NDArray<long>([size]);
        var ends = new List<int>(pieces.Length);
        var at = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            WindowStages.Copy(pieces[i]!, 0, 0, values, at, lengths[i][0]);
            if (positions is not null)
            {
                WindowStages.Copy(pieces[i]!, 1, 0, positions, at, lengths[i][0]);
            }

            ends.Add(at += lengths[i][0]);
        }

        var dimensions = Array.ConvertAll(shape, l => (int)l);
        (values, positions) = Runs.Merge(values, positions, ends);
        if (positions is null)
        {
            return values.Reshape(dimensions);
        }

        Lent.Return(values);
        return positions.Reshape(dimensions);
    }
}
