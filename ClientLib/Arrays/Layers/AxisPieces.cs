namespace Orleans.Dask.Arrays;

/// <summary>Along one axis of one output block: what is taken from one input block, and where it goes. Null: all of it.</summary>
internal sealed record AxisPiece(int Block, AxisIndex? From, AxisIndex? To);

/// <summary>Cuts the positions taken along an axis into pieces that come from one block and go to one block.</summary>
internal static class AxisPieces
{
    /// <summary>Chunks of the result that follow the source's: a new one wherever a slice enters another block.</summary>
    public static long[] NaturalChunks(AxisIndex index, long[] starts)
    {
        if (index.List is { } list)
        {
            return ListChunks(list, starts);
        }

        var sizes = new List<long>();
        for (long i = 0; i < index.Count;)
        {
            var run = RunLength(index, starts, BlockOf(index.At(i), starts), i);
            sizes.Add(run);
            i += run;
        }

        return sizes.Count == 0 ? [0] : [.. sizes];
    }

    public static AxisPiece[][] Split(AxisIndex index, long[] starts, long[] chunks)
    {
        var result = new AxisPiece[chunks.Length][];
        long begin = 0;
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            result[chunk] = index.List is null
                ? Runs(index, starts, begin, begin + chunks[chunk])
                : Lists(index.List.AsSpan((int)begin, (int)chunks[chunk]), starts);
            begin += chunks[chunk];
        }

        return result;
    }

    private static AxisPiece[] Runs(AxisIndex index, long[] starts, long begin, long end)
    {
        var pieces = new List<AxisPiece>();
        for (var i = begin; i < end;)
        {
            var block = BlockOf(index.At(i), starts);
            var run = Math.Min(end - i, RunLength(index, starts, block, i));
            pieces.Add(new AxisPiece(block, new AxisIndex(index.At(i) - starts[block], index.Step, run), new AxisIndex(i - begin, 1, run)));
            i += run;
        }

        return pieces.Count > 0 ? [.. pieces] : [Nothing];
    }

    private static AxisPiece[] Lists(ReadOnlySpan<long> list, long[] starts)
    {
        var byBlock = new SortedDictionary<int, (List<long> From, List<long> To)>();
        for (var i = 0; i < list.Length; i++)
        {
            var block = BlockOf(list[i], starts);
            if (!byBlock.TryGetValue(block, out var lists))
            {
                byBlock[block] = lists = ([], []);
            }

            lists.From.Add(list[i] - starts[block]);
            lists.To.Add(i);
        }

        return byBlock.Count == 0 ? [Nothing] : [.. byBlock.Select(pair => new AxisPiece(pair.Key, Compact(pair.Value.From), Compact(pair.Value.To)))];
    }

    /// <summary>An empty piece still names a block, so that the task has its type to go by.</summary>
    private static AxisPiece Nothing => new(0, new AxisIndex(0, 1, 0), new AxisIndex(0, 1, 0));

    /// <summary>Evenly spaced positions need no list.</summary>
    private static AxisIndex Compact(List<long> list)
    {
        var step = list.Count > 1 ? list[1] - list[0] : 1;
        for (var i = 1; i < list.Count; i++)
        {
            if (step == 0 || list[i] - list[i - 1] != step)
            {
                return AxisIndex.Of([.. list]);
            }
        }

        return new AxisIndex(list[0], step, list.Count);
    }

    private static int BlockOf(long position, long[] starts)
    {
        var found = Array.BinarySearch(starts, position);
        if (found < 0)
        {
            return ~found - 1;
        }

        // Blocks of length 0 begin at the same position; the last that begins there holds it.
        while (starts[found + 1] == position)
        {
            found++;
        }

        return found;
    }

    private static long RunLength(AxisIndex index, long[] starts, int block, long i)
    {
        var position = index.At(i);
        var left = index.Count - i;
        return index.Step > 0 ? Math.Min(left, (starts[block + 1] - position + index.Step - 1) / index.Step)
            : index.Step < 0 ? Math.Min(left, ((position - starts[block]) / -index.Step) + 1) : left;
    }

    private static long[] ListChunks(long[] list, long[] starts)
    {
        var size = 1L;
        for (var i = 1; i < starts.Length; i++)
        {
            size = Math.Max(size, starts[i] - starts[i - 1]);
        }

        if (list.Length == 0)
        {
            return [0];
        }

        var chunks = new long[(list.Length + size - 1) / size];
        Array.Fill(chunks, size);
        chunks[^1] = list.Length - (size * (chunks.Length - 1));
        return chunks;
    }
}
