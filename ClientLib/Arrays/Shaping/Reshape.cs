using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>The same elements in row-major order under another shape.</summary>
/// <remarks>
/// Axes that both shapes begin or end with keep their chunks. Between them, blocks on both sides are ranges of the row-major
/// order (all axes after the cut one whole, all before it of length 1), so an output block is a row of input pieces:
/// <code>
///   in   (6, 4), chunks (2 2 2)(4)    ranges 0‥8 8‥16 16‥24
///   out  (3, 8), chunks (1 1 1)(8)    ranges 0‥8 8‥16 16‥24      here one to one
/// </code>
/// </remarks>
internal static class Reshape
{
    public static Recipe To(Recipe recipe, long[] shape)
    {
        if (!recipe.IsKnown)
        {
            return recipe.Rank == 1 && shape.Length == 1 && shape[0] == -1 ? recipe
                : throw new ChunkException("An array with chunks of unknown sizes can't be reshaped. Call ComputeChunkSizesAsync first.");
        }

        var target = Shapes.Infer(shape, Shapes.Size(recipe.Shape));
        if (target.AsSpan().SequenceEqual(recipe.Shape))
        {
            return recipe;
        }

        if (recipe is ElementRecipe { Step: TileStep.Constant } constant)
        {
            return constant.With([.. target.Select(l => new[] { l })], []);
        }

        var (lead, trail) = Common(recipe.Shape, target);
        if (OnlyOnes(recipe.Shape, lead, trail) && OnlyOnes(target, lead, trail))
        {
            return Renamed(recipe, target, lead, trail);
        }

        return Lower(recipe, target, lead, trail);
    }

    /// <summary>How many axes both begin and end with.</summary>
    private static (int Lead, int Trail) Common(long[] from, long[] to)
    {
        var shorter = Math.Min(from.Length, to.Length);
        var lead = 0;
        while (lead < shorter && from[lead] == to[lead])
        {
            lead++;
        }

        var trail = 0;
        while (trail < shorter - lead && from[^(trail + 1)] == to[^(trail + 1)])
        {
            trail++;
        }

        // What is between must hold the same number of elements; an empty axis elsewhere can hide that.
        while (Shapes.Size(from.AsSpan(lead, from.Length - lead - trail)) != Shapes.Size(to.AsSpan(lead, to.Length - lead - trail)))
        {
            _ = lead > 0 ? lead-- : trail--;
        }

        return (lead, trail);
    }

    private static bool OnlyOnes(long[] shape, int lead, int trail) => !shape.AsSpan(lead, shape.Length - lead - trail).ContainsAnyExcept(1L);

    private static Recipe Renamed(Recipe recipe, long[] target, int lead, int trail)
    {
        var axes = new int[target.Length];
        var chunks = new long[target.Length][];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = axis < lead ? axis : axis >= target.Length - trail ? axis - target.Length + recipe.Rank : -1;
            chunks[axis] = axes[axis] >= 0 ? recipe.Chunks[axes[axis]] : [1];
        }

        var own = (long[][])recipe.Chunks.Clone();
        for (var axis = lead; axis < recipe.Rank - trail; axis++)
        {
            own[axis] = [1];
        }

        return Element.Axes(Rechunk.To(recipe, own), axes, chunks);
    }

    private static SourceRecipe Lower(Recipe recipe, long[] target, int lead, int trail)
    {
        var between = recipe.Shape.AsSpan(lead, recipe.Rank - lead - trail).ToArray();
        var outBetween = target.AsSpan(lead, target.Length - lead - trail).ToArray();
        var pieces = Math.Max(1, recipe.Chunks.Skip(lead).Take(between.Length).Aggregate(1L, (n, c) => n * c.Length));
        var inChunks = Ranges(between, null, pieces);
        var source = Rechunk.To(recipe, [.. recipe.Chunks.Take(lead), .. inChunks, .. recipe.Chunks.Skip(recipe.Rank - trail)]).Materialize();
        var inStarts = Starts(inChunks, between);
        var outChunks = Ranges(outBetween, inStarts, pieces);
        var outStarts = Starts(outChunks, outBetween);
        long[][] chunks = [.. recipe.Chunks.Take(lead), .. outChunks, .. recipe.Chunks.Skip(recipe.Rank - trail)];

        var grid = new BlockGrid(chunks);
        var inGrid = new BlockGrid(inChunks);
        var outGrid = new BlockGrid(outChunks);
        var name = "reshape-" + ArrayToken.Of(source.Layer, target, chunks);
        var function = new KernelFunction("reshape", arguments => Join((int[])arguments[0]!, (int)arguments[1]!, (int)arguments[2]!, (long[])arguments[3]!, (object?[])arguments[4]!), lends: true);
        var layer = new BlockLayer(name, grid.Count, [source.Layer], index =>
        {
            var position = grid.Position(index);
            var range = outGrid.Index(position.AsSpan(lead, outBetween.Length));
            var (begin, end) = (outStarts[range], outStarts[range + 1]);
            var first = Array.BinarySearch(inStarts, begin) is >= 0 and var hit ? hit : ~Array.BinarySearch(inStarts, begin) - 1;
            first = Math.Min(first, inGrid.Count - 1);
            var last = first;
            while (last + 1 < inGrid.Count && inStarts[last + 1] < end)
            {
                last++;
            }

            var keys = new TaskKey[last - first + 1];
            for (var k = 0; k < keys.Length; k++)
            {
                keys[k] = source.Key([.. position.AsSpan(0, lead), .. inGrid.Position(first + k), .. position.AsSpan(position.Length - trail)]);
            }

            return new CallNode(new TaskKey(name, index), function, keys, [grid.Shape(position), lead, trail, new[] { begin - inStarts[first], end - begin }, new InputList(0, keys.Length)]);
        });
        return new SourceRecipe(recipe.Type, chunks, name, source.Graph.With(layer));
    }

    /// <summary>Chunks whose blocks are ranges of the row-major order, about as many as asked for.</summary>
    private static long[][] Ranges(long[] shape, long[]? starts, long pieces)
    {
        var chunks = Array.ConvertAll(shape, l => new[] { l });
        var size = Shapes.Size(shape);
        var rest = size;
        for (var axis = 0; axis < shape.Length && size > 0; axis++)
        {
            rest /= shape[axis];
            if (size / shape[axis] / Math.Max(1, rest) >= pieces || shape[axis] == 1)
            {
                continue;
            }

            // Cut this axis: where the other side is cut if that is possible, else evenly.
            var cuts = starts?.Where(s => s > 0 && s < size).ToArray();
            var before = size / (rest * shape[axis]);
            var wanted = (pieces + before - 1) / before;
            if (cuts is not null && before == 1 && Array.TrueForAll(cuts, c => c % rest == 0))
            {
                long[] ends = [.. cuts.Select(c => c / rest).Distinct(), shape[axis]];
                chunks[axis] = [.. ends.Select((e, i) => e - (i == 0 ? 0 : ends[i - 1]))];
            }
            else
            {
                var length = Math.Max(1, (shape[axis] + wanted - 1) / wanted);
                var count = (shape[axis] + length - 1) / length;
                chunks[axis] = [.. Enumerable.Range(0, (int)count).Select(i => Math.Min(length, shape[axis] - (i * length)))];
            }

            if (chunks[axis].Length * before >= pieces || shape[axis] > chunks[axis].Length)
            {
                break;
            }
        }

        return chunks;
    }

    private static long[] Starts(long[][] chunks, long[] shape)
    {
        var grid = new BlockGrid(chunks);
        var starts = new long[grid.Count + 1];
        for (var i = 0; i < grid.Count; i++)
        {
            starts[i + 1] = starts[i] + grid.Shape(grid.Position(i)).Aggregate(1L, (a, b) => a * b);
        }

        return starts[^1] == Shapes.Size(shape) ? starts : throw new InvalidOperationException("Blocks are no ranges.");
    }

    /// <summary>One output block from consecutive input blocks: (lead…, a range of the middle, trail…).</summary>
    private static NDArray Join(int[] shape, int lead, int trail, long[] range, object?[] blocks)
    {
        var ahead = shape.Take(lead).Aggregate(1, (a, b) => a * b);
        var behind = shape.Skip(shape.Length - trail).Aggregate(1, (a, b) => a * b);
        var flat = Array.ConvertAll(blocks, b =>
        {
            var block = Strided.Contiguous((NDArray)b!);
            int[] three = [ahead, ahead * behind == 0 ? block.Dimensions.Skip(lead).Take(block.Rank - lead - trail).Aggregate(1, (x, y) => x * y) : block.Size / (ahead * behind), behind];
            return block.View(three, Strided.RowMajor(three), block.Offset);
        });
        if (flat.Length == 1 && range[0] == 0 && flat[0].Dimensions[1] == range[1])
        {
            return flat[0].View(shape, Strided.RowMajor(shape), flat[0].Offset);
        }

        var result = NDArray.Allocate(flat[0].DType, shape);
        int[] whole = [ahead, (int)range[1], behind];
        var target = result.View(whole, Strided.RowMajor(whole), result.Offset);
        long skip = range[0], done = 0;
        foreach (var block in flat)
        {
            var take = Math.Min(block.Dimensions[1] - skip, range[1] - done);
            if (take > 0)
            {
                Scatter.Into(target, [AxisIndex.Whole(ahead), new AxisIndex(done, 1, take), AxisIndex.Whole(behind)],
                    Indexer.Take(block, [AxisIndex.Whole(ahead), new AxisIndex(skip, 1, take), AxisIndex.Whole(behind)]));
                done += take;
            }

            skip = 0;
        }

        return result;
    }
}
