using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Blocks put together from pieces of other blocks: rechunking, slicing, taking, rolling, repeating and padding are all
/// "position i of an axis comes from position m(i)", axis by axis.
/// </summary>
/// <remarks>
/// <code>
///   in chunks    │0 1 2│3 4 5│6 7│          m = 5 4 3 2 1 0
///   out chunks   │5 4 3 2│1 0│              block 0 = piece of in-block 1 (5 4 3) and of in-block 0 (2)
/// </code>
/// </remarks>
internal static class Gather
{
    /// <param name="source">Blocks of known sizes.</param>
    /// <param name="axes">Per axis, which positions are taken.</param>
    /// <param name="chunks">Of the result; null follows the source's chunks, so that slices are views of single blocks.</param>
    /// <param name="label">In keys.</param>
    public static SourceRecipe Lower(SourceRecipe source, AxisIndex[] axes, long[][]? chunks, string label)
    {
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (source.Shape[axis] < 0 && chunks is not null && !chunks[axis].AsSpan().SequenceEqual(source.Chunks[axis]))
            {
                throw new ChunkException($"Axis {axis} has chunks of unknown sizes, so it can't be cut otherwise. Call ComputeChunkSizesAsync first.");
            }
        }

        var pieces = new AxisPiece[axes.Length][][];
        var outChunks = new long[axes.Length][];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (source.Shape[axis] < 0)
            {
                // A whole axis of unknown sizes: block k comes from block k.
                outChunks[axis] = source.Chunks[axis];
                pieces[axis] = [.. Enumerable.Range(0, source.Chunks[axis].Length).Select(k => new[] { new AxisPiece(k, null, null) })];
                continue;
            }

            outChunks[axis] = chunks?[axis] ?? AxisPieces.NaturalChunks(axes[axis], source.Grid.Starts(axis));
            pieces[axis] = AxisPieces.Split(axes[axis], source.Grid.Starts(axis), outChunks[axis]);
        }

        var name = $"{label}-{ArrayToken.Of("gather", source.Layer, axes, outChunks)}";
        var grid = new BlockGrid(outChunks);
        var function = new GatherFunction(label, source.Type);
        var layer = new BlockLayer(name, grid.Count, [source.Layer], index => Node(new TaskKey(name, index), source, function, pieces, grid));
        return new SourceRecipe(source.Type, outChunks, name, source.Graph.With(layer));
    }

    private static CallNode Node(TaskKey key, SourceRecipe source, GatherFunction function, AxisPiece[][][] pieces, BlockGrid grid)
    {
        var position = grid.Position(key.Index);
        var own = new AxisPiece[position.Length][];
        var counts = new int[position.Length];
        for (var axis = 0; axis < own.Length; axis++)
        {
            own[axis] = pieces[axis][position[axis]];
            counts[axis] = own[axis].Length;
        }

        var total = counts.Aggregate(1, (a, b) => a * b);
        var dependencies = new TaskKey[total];
        var place = new int[own.Length];
        var block = new int[own.Length];
        for (var i = 0; i < total; i++)
        {
            for (var axis = 0; axis < place.Length; axis++)
            {
                block[axis] = own[axis][place[axis]].Block;
            }

            dependencies[i] = source.Key(block);
            Walk.Next(place, counts);
        }

        return new CallNode(key, function, dependencies, [grid.Shape(position), own, new InputList(0, total)]);
    }
}
