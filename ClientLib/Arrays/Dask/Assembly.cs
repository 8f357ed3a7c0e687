namespace Orleans.Dask.Arrays;

/// <summary>Puts computed blocks together.</summary>
internal static class Assembly
{
    public static NDArray Join(BlockGrid grid, NDArray[] blocks)
    {
        if (blocks.Length == 1)
        {
            return blocks[0];
        }

        var chunks = Sizes(grid, blocks);
        var result = NDArray.Allocate(blocks[0].DType, Array.ConvertAll(chunks, c => checked((int)c.Sum())));
        var known = new BlockGrid(chunks);
        for (var i = 0; i < blocks.Length; i++)
        {
            var position = known.Position(i);
            var origin = known.Origin(position);
            Scatter.Into(result, [.. blocks[i].Dimensions.Select((length, axis) => new AxisIndex(origin[axis], 1, length))], blocks[i]);
        }

        return result;
    }

    /// <summary>Chunk sizes as the blocks have them.</summary>
    public static long[][] Sizes(BlockGrid grid, NDArray[] blocks) => Sizes(grid, [.. blocks.Select(b => b.Dimensions)]);

    public static long[][] Sizes(BlockGrid grid, int[][] shapes)
    {
        var chunks = Array.ConvertAll(grid.Chunks, c => (long[])c.Clone());
        for (var i = 0; i < shapes.Length; i++)
        {
            var position = grid.Position(i);
            for (var axis = 0; axis < position.Length; axis++)
            {
                chunks[axis][position[axis]] = shapes[i][axis];
            }
        }

        return chunks;
    }
}
