namespace Orleans.Dask.Arrays;

/// <summary>The chunks that several arrays of one length agree on.</summary>
internal static class Unify
{
    /// <summary>Cut wherever any of them is cut.</summary>
    public static long[] Common(long[][] parts, int axis)
    {
        var first = parts[0];
        if (Array.TrueForAll(parts, p => p.AsSpan().SequenceEqual(first)))
        {
            return first;
        }

        if (Array.Exists(parts, p => Array.Exists(p, s => s < 0)))
        {
            var known = parts.FirstOrDefault(p => Array.TrueForAll(p, s => s >= 0));
            return Array.TrueForAll(parts, p => p.Length == first.Length) && known is null ? first
                : throw new ChunkException($"Axis {axis} has chunks of unknown sizes in one array and other chunks in another, so they can't be matched. Call ComputeChunkSizesAsync first.");
        }

        var cuts = new SortedSet<long>();
        foreach (var part in parts)
        {
            long end = 0;
            foreach (var size in part)
            {
                cuts.Add(end += size);
            }
        }

        var result = new List<long>();
        long before = 0;
        foreach (var cut in cuts)
        {
            if (cut > before)
            {
                result.Add(cut - before);
                before = cut;
            }
        }

        return result.Count == 0 ? [0] : [.. result];
    }
}
