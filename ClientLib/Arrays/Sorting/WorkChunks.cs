namespace Orleans.Dask.Arrays;

/// <summary>How an array is cut for work that runs along axes: no block larger than the array's own, so that a task's memory stays what its user chose.</summary>
internal static class WorkChunks
{
    /// <summary>Smaller blocks than this are joined: a task costs more than they do.</summary>
    public const long LeastBytes = 1 << 20;

    /// <summary>How many elements a block may have.</summary>
    public static long Budget(Recipe input, DType type, long leastBytes = LeastBytes) =>
        Math.Max(leastBytes / type.Size(), Math.Max(1, Shapes.Size(Array.ConvertAll(input.Chunks, c => c.Max()))));

    /// <summary>Whole axes, and the others cut so that a block has no more than so many elements; null where one line alone has more.</summary>
    public static long[][]? Whole(Recipe input, int[] axes, long elements)
    {
        var line = axes.Aggregate(1L, (n, a) => n * Math.Max(1, input.Shape[a]));
        if (line > elements)
        {
            return null;
        }

        var room = elements / line;
        var chunks = (long[][])input.Chunks.Clone();
        for (var axis = chunks.Length - 1; axis >= 0; axis--)
        {
            if (axes.Contains(axis))
            {
                chunks[axis] = [input.Shape[axis]];
                continue;
            }

            var length = Math.Clamp(chunks[axis].Max(), 1, room);
            chunks[axis] = Cut(chunks[axis], length);
            room = Math.Max(1, room / length);
        }

        return chunks;
    }

    /// <summary>All axes but these cut to 1; these in pieces as long as so many elements allow.</summary>
    public static long[][] Lines(Recipe input, int[] axes, long elements)
    {
        var others = Enumerable.Range(0, input.Rank).Where(a => !axes.Contains(a)).ToArray();
        if (axes.Length > 1 && Array.TrueForAll(others, a => input.Chunks[a].Max() <= 1))
        {
            // Their order does not matter where several axes go together, so blocks are good as they are.
            return input.Chunks;
        }

        var chunks = new long[input.Rank][];
        foreach (var axis in others)
        {
            chunks[axis] = Cut(input.Chunks[axis], 1);
        }

        foreach (var axis in axes.OrderDescending())
        {
            var length = Math.Clamp(elements, 1, Math.Max(1, input.Shape[axis]));
            chunks[axis] = Joined(input.Chunks[axis], length);
            elements = Math.Max(1, elements / length);
        }

        return chunks;
    }

    /// <summary>Chunks no longer than <paramref name="length"/>, cut within those that are there.</summary>
    public static long[] Cut(long[] chunks, long length)
    {
        if (Array.TrueForAll(chunks, c => c <= length))
        {
            return chunks;
        }

        var result = new List<long>();
        foreach (var chunk in chunks)
        {
            var pieces = Math.Max(1, (chunk + length - 1) / length);
            for (long i = 0; i < pieces; i++)
            {
                result.Add((chunk * (i + 1) / pieces) - (chunk * i / pieces));
            }
        }

        return [.. result];
    }

    /// <summary>Neighbours put together while they are no longer than <paramref name="length"/>, and longer ones cut.</summary>
    public static long[] Joined(long[] chunks, long length)
    {
        var result = new List<long>();
        foreach (var chunk in Cut(chunks, length))
        {
            if (result.Count > 0 && result[^1] + chunk <= length)
            {
                result[^1] += chunk;
            }
            else
            {
                result.Add(chunk);
            }
        }

        return [.. result];
    }
}
