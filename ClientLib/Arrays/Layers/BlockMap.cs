using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Layers whose blocks are a kernel of some blocks of others.</summary>
internal static class BlockMap
{
    /// <param name="label">In keys.</param>
    /// <param name="token">What, besides the inputs, the values depend on.</param>
    /// <param name="type">Of the result.</param>
    /// <param name="chunks">Of the result.</param>
    /// <param name="inputs">Where blocks come from.</param>
    /// <param name="needs">Per output position, the blocks a kernel takes.</param>
    /// <param name="kernel">Makes a block of them and the block's position.</param>
    /// <param name="lends">As <see cref="ILending.Lends"/>: the kernel calls no user code.</param>
    public static SourceRecipe Lower(string label, object? token, DType type, long[][] chunks, SourceRecipe[] inputs, Func<int[], TaskKey[]> needs, Func<NDArray[], int[], NDArray> kernel, bool lends = false)
    {
        var name = $"{label}-{ArrayToken.Of(label, token, type, chunks, inputs.Select(i => i.Layer))}";
        var grid = new BlockGrid(chunks);
        var function = new KernelFunction(label, arguments =>
        {
            var blocks = Array.ConvertAll((object?[])arguments[1]!, b => (NDArray)b!);
            return kernel(blocks, (int[])arguments[0]!);
        }, lends);
        var layer = new BlockLayer(name, grid.Count, [.. inputs.Select(i => i.Layer).Distinct()], index =>
        {
            var position = grid.Position(index);
            var keys = needs(position);
            return new CallNode(new TaskKey(name, index), function, keys, [position, new InputList(0, keys.Length)]);
        });
        return new SourceRecipe(type, chunks, name, TaskGraph.Merge([.. inputs.Select(i => i.Graph)]).With(layer));
    }

    /// <summary>One kernel per block, block for block.</summary>
    public static SourceRecipe Each(string label, object? token, DType type, Recipe input, long[][] chunks, Func<NDArray, NDArray> kernel, bool lends = false)
    {
        var source = input.Materialize();
        return Lower(label, token, type, chunks, [source], position => [source.Key(position)], (blocks, _) => kernel(blocks[0]), lends);
    }

    /// <summary>An axis in one chunk.</summary>
    public static Recipe Whole(Recipe input, params ReadOnlySpan<int> axes)
    {
        var chunks = (long[][])input.Chunks.Clone();
        foreach (var axis in axes)
        {
            if (input.Shape[axis] < 0)
            {
                throw new ChunkException($"Axis {axis} has chunks of unknown sizes. Call ComputeChunkSizesAsync first.");
            }

            chunks[axis] = [input.Shape[axis]];
        }

        return Rechunk.To(input, chunks);
    }

    /// <summary>The main diagonal of the last two axes, which are square, as the last axis.</summary>
    public static Recipe Diagonal(Recipe square, long length)
    {
        // Square blocks on the diagonal are enough: the columns are cut as the rows are.
        var chunks = (long[][])square.Chunks.Clone();
        chunks[^1] = chunks[^2];
        var source = Rechunk.To(square, chunks).Materialize();
        long[][] result = length == 0 ? [.. chunks.Take(chunks.Length - 2), [0]] : [.. chunks.Take(chunks.Length - 1)];
        return Lower("diagonal", null, square.Type, result, [source], position => [source.Key([.. position, position[^1]])], (blocks, _) =>
        {
            var block = blocks[0];
            return block.View([.. block.Dimensions.Take(block.Rank - 1)], [.. block.Steps.Take(block.Rank - 2), block.Steps[^1] + block.Steps[^2]], block.Offset);
        }, lends: true);
    }
}
