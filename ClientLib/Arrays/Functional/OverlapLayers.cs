namespace Orleans.Dask.Arrays;

/// <summary>Chunks that see their neighbours: each grows by a depth on both sides, the function runs, the rim is cut off.</summary>
internal static class OverlapLayers
{
    /// <param name="input">The array.</param>
    /// <param name="depth">Per axis.</param>
    /// <param name="boundary">Per axis: none, reflect, periodic, nearest, or a number.</param>
    /// <param name="token">Of the kernel.</param>
    /// <param name="type">Of the answer.</param>
    /// <param name="kernel">Keeps the shape.</param>
    public static Recipe Lower(Recipe input, int[] depth, string[] boundary, object token, DType type, Func<NDArray, NDArray> kernel)
    {
        var (wide, chunks) = Grow(input, depth, boundary);
        var own = Array.ConvertAll(boundary, b => b == "none");
        return BlockMap.Lower("map-overlap", token, type, chunks, [wide], position => [wide.Key(position)],
            (blocks, position) => Inner(kernel(blocks[0]), position, depth, own, chunks));
    }

    /// <summary>The blocks without what they were grown by.</summary>
    public static Recipe Trim(Recipe input, int[] depth, string[] boundary)
    {
        var source = input.Materialize();
        var own = Array.ConvertAll(boundary, b => b == "none");
        var chunks = source.Chunks.Select((sizes, axis) => sizes.Select((size, i) =>
        {
            var rims = own[axis] ? (i > 0 ? 1 : 0) + (i < sizes.Length - 1 ? 1 : 0) : 2;
            return size >= (long)rims * depth[axis] ? size - ((long)rims * depth[axis])
                : throw new ChunkException($"Chunk {i} of axis {axis} has length {size}, too short to cut {depth[axis]} off {rims} ends. Pass the depth that the array was grown by.");
        }).ToArray()).ToArray();
        return BlockMap.Lower("trim-overlap", ArrayToken.Of(depth, boundary), input.Type, chunks, [source], position => [source.Key(position)],
            (blocks, position) => Inner(blocks[0], position, depth, own, chunks), lends: true);
    }

    private static NDArray Inner(NDArray block, int[] position, int[] depth, bool[] none, long[][] chunks)
    {
        var keep = new AxisIndex[depth.Length];
        for (var axis = 0; axis < keep.Length; axis++)
        {
            var skip = none[axis] && position[axis] == 0 ? 0 : depth[axis];
            keep[axis] = new AxisIndex(skip, 1, chunks[axis][position[axis]]);
        }

        return Indexer.Take(block, keep);
    }

    /// <summary>Blocks with what lies around them, and the chunks they are of.</summary>
    public static (SourceRecipe Wide, long[][] Chunks) Grow(Recipe input, int[] depth, string[] boundary)
    {
        // A chunk must be as long as the depth, so that a neighbour suffices; shorter ones are merged.
        var chunks = input.Chunks.Select((sizes, axis) => depth[axis] == 0 ? sizes : Merged(sizes, depth[axis])).ToArray();
        var padded = Rechunk.To(input, chunks);
        for (var axis = 0; axis < depth.Length; axis++)
        {
            if (depth[axis] > 0 && boundary[axis] != "none")
            {
                padded = Extend(padded, axis, depth[axis], boundary[axis]);
            }
        }

        // Each block takes its own range and the depth around it, as far as there is something.
        var source = padded.Materialize();
        var maps = new long[depth.Length][];
        var grown = new long[depth.Length][];
        for (var axis = 0; axis < depth.Length; axis++)
        {
            var rim = boundary[axis] == "none" ? 0 : depth[axis];
            var positions = new List<long>();
            var sizes = new List<long>();
            long start = rim;
            foreach (var size in chunks[axis])
            {
                var from = Math.Max(0, start - depth[axis]);
                var to = Math.Min(source.Shape[axis], start + size + depth[axis]);
                for (var p = from; p < to; p++)
                {
                    positions.Add(p);
                }

                sizes.Add(to - from);
                start += size;
            }

            (maps[axis], grown[axis]) = ([.. positions], [.. sizes]);
        }

        return (Gather.Lower(source, [.. maps.Select((m, axis) => depth[axis] == 0 ? AxisIndex.Whole(m.Length) : AxisIndex.Of(m))], grown, "overlap"), chunks);
    }

    public static void Check(int[] depth, Boundary[] boundary, int rank)
    {
        ArgumentNullException.ThrowIfNull(depth);
        ArgumentNullException.ThrowIfNull(boundary);
        if (depth.Length != rank || boundary.Length != rank)
        {
            throw new AxisException($"{depth.Length} depths and {boundary.Length} boundaries for {rank} axes. Pass one per axis.");
        }

        if (Array.Exists(depth, d => d < 0))
        {
            throw new ArrayException($"A depth of {Array.Find(depth, d => d < 0)} is none. Pass 0 or more.");
        }
    }

    private static long[] Merged(long[] sizes, int depth)
    {
        var result = new List<long>();
        foreach (var size in sizes)
        {
            if (result.Count > 0 && (result[^1] < depth || size < depth))
            {
                result[^1] += size;
            }
            else
            {
                result.Add(size);
            }
        }

        return result[^1] >= depth ? [.. result] : throw new ChunkException(
            $"An axis of length {sizes.Sum()} is shorter than the overlap of {depth}. Pass a smaller depth.");
    }

    private static Recipe Extend(Recipe input, int axis, int depth, string boundary)
    {
        var positions = Windows.Outside(input.Shape[axis], depth, boundary);
        Recipe before, after;
        if (positions[0] < 0)
        {
            var value = double.Parse(boundary, System.Globalization.CultureInfo.InvariantCulture);
            var chunks = (long[][])input.Chunks.Clone();
            chunks[axis] = [depth];
            before = after = Element.Constant(input.Type, Constants.Convert(value, input.Type), chunks);
        }
        else
        {
            before = Selection.Take(input, axis, AxisIndex.Of(positions[..depth]));
            after = Selection.Take(input, axis, AxisIndex.Of(positions[depth..]));
        }

        return Join.Concatenate([before, input, after], axis);
    }
}
