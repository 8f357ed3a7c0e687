using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Entries along axis 0 at positions that are computed themselves. Every pair of a chunk of positions and a block of the array gives
/// the entries that the one names in the other; those of one chunk of positions are then put in order. No task takes more.
/// </summary>
internal static class PositionSelection
{
    public static Recipe Select(Recipe array, Recipe positions)
    {
        if (array.Rank == 0 || positions.Rank > 1)
        {
            throw new ArrayIndexException($"Positions with {positions.Rank} axes for an array with {array.Rank}. Pass one axis of positions; they select along axis 0.");
        }

        if (array.Shape[0] < 0)
        {
            throw new ChunkException("Axis 0 has chunks of unknown sizes, so positions along it are unknown. Call ComputeChunkSizesAsync first.");
        }

        var scalar = positions.Rank == 0;
        var places = (scalar ? Join.ExpandDims(positions, [0]) : positions).Materialize();
        var source = array.Materialize();
        var starts = source.Grid.Starts(0);
        var blocks = source.Chunks[0].Length;
        var rest = source.Grid.Count / blocks;
        var lists = places.Chunks[0].Length;
        var stages = new Stages("take", null, source, places);
        var picked = stages.Add("pick", lists * blocks * rest, [source.Layer, places.Layer], static (values, numbers) =>
        {
            long[] own = [.. IndexPlan.Checked(((NDArray<long>)values[1]!).ToArray(), 0, numbers[0]).Where(p => p >= numbers[1] && p < numbers[2]).Select(p => p - numbers[1])];
            return Indexer.Take((NDArray)values[0]!, own, 0);
        }, i => [source.Key(i % (blocks * rest)), places.Key(i / (blocks * rest))], i => [starts[^1], starts[i / rest % blocks], starts[(i / rest % blocks) + 1]]);
        var name = blocks == 1 ? picked : stages.Add("order", lists * rest, [picked, places.Layer], static (values, numbers) => Order((NDArray)values[0]!, numbers, [.. values.Skip(1).Select(v => (NDArray)v!)]),
            i => [places.Key(i / rest), .. Enumerable.Range(0, blocks).Select(b => new TaskKey(picked, (((i / rest * blocks) + b) * rest) + (i % rest)))], _ => starts);
        var taken = stages.Result(array.Type, [places.Chunks[0], .. array.Chunks.Skip(1)], name);
        return scalar ? Selection.Basic(taken, [0]) : taken;
    }

    /// <summary>The entries that blocks gave, in the order of the positions.</summary>
    private static NDArray Order(NDArray positions, long[] starts, NDArray[] pieces)
    {
        var places = IndexPlan.Checked(((NDArray<long>)positions).ToArray(), 0, starts[^1]);
        var result = NDArray.Allocate(pieces[0].DType, [places.Length, .. pieces[0].Dimensions[1..]]);
        AxisIndex[] others = [.. pieces[0].Dimensions[1..].Select(d => AxisIndex.Whole(d))];
        for (var piece = 0; piece < pieces.Length; piece++)
        {
            // What a block gave stands in the order of the positions that name it.
            long[] own = [.. Enumerable.Range(0, places.Length).Where(i => places[i] >= starts[piece] && places[i] < starts[piece + 1]).Select(i => (long)i)];
            if (own.Length > 0)
            {
                Scatter.Into(result, [AxisIndex.Of(own), .. others], pieces[piece]);
            }
        }

        return result;
    }
}
