namespace Orleans.Dask.Files;

/// <summary>How the chunks of a dataset are found.</summary>
internal enum Hdf5Index
{
    /// <summary>A B-tree of version 1: all files but those of the latest format.</summary>
    Tree = 0,

    /// <summary>There is but one.</summary>
    Single = 1,

    /// <summary>They lie one after the other.</summary>
    Implicit = 2,

    /// <summary>An array of known length.</summary>
    Fixed = 3,

    /// <summary>An array that grows along one axis.</summary>
    Extensible = 4,

    /// <summary>A B-tree of version 2: several axes that grow.</summary>
    Records = 5,
}

/// <summary>Where a chunk lies.</summary>
/// <param name="Address">In the file.</param>
/// <param name="Bytes">There.</param>
/// <param name="Skipped">A bit for each filter that it went without.</param>
internal readonly record struct Hdf5Chunk(long Address, long Bytes, uint Skipped);

/// <summary>The chunks of a dataset and how they are found, in numbers that travel.</summary>
/// <param name="Kind">Which structure.</param>
/// <param name="Address">Where it lies; <see cref="Hdf5Source.Undefined"/>: nothing was written.</param>
/// <param name="Lengths">Of a chunk.</param>
/// <param name="Grid">Chunks along each axis when it is as long as it may become; <see cref="Hdf5Source.Undefined"/>: without end.</param>
/// <param name="ChunkBytes">Of a chunk that is not packed.</param>
/// <param name="IsPacked">Whether filters are applied, so that entries tell lengths.</param>
/// <param name="Single">The only chunk, for <see cref="Hdf5Index.Single"/>.</param>
internal sealed record Hdf5Chunks(Hdf5Index Kind, long Address, int[] Lengths, long[] Grid, long ChunkBytes, bool IsPacked, Hdf5Chunk Single)
{
    private const string What = "the list of chunks";

    /// <summary>All chunks between two places, both included, and maybe others.</summary>
    public IEnumerable<(long[] Place, Hdf5Chunk Chunk)> Between(Hdf5Source source, long[] first, long[] last)
    {
        if (Address < 0)
        {
            return [];
        }

        return Kind switch
        {
            Hdf5Index.Tree => Tree(source, Address, Hdf5Source.MostDepth - 1, first, last),
            Hdf5Index.Single => [(new long[Lengths.Length], Single)],
            Hdf5Index.Implicit => Implicit(source, first, last),
            Hdf5Index.Fixed => Placed(Hdf5Arrays.Fixed(source, Address, this)),
            Hdf5Index.Extensible => Placed(Hdf5Arrays.Extensible(source, Address, this)),
            _ => Records(source),
        };
    }

    /// <summary>An entry of an array or tree: address and, where chunks are packed, length and skipped filters.</summary>
    public Hdf5Chunk? Entry(Hdf5Cursor entry, int lengthBytes)
    {
        var address = entry.Address();
        var (bytes, skipped) = IsPacked ? (entry.Number(lengthBytes), (uint)entry.Int()) : (ChunkBytes, 0);
        return address >= 0 ? new Hdf5Chunk(address, bytes, skipped) : null;
    }

    /// <summary>Nodes whose keys are the chunks' own places, row by row. What lies wholly before or after what is wanted is not visited.</summary>
    private IEnumerable<(long[] Place, Hdf5Chunk Chunk)> Tree(Hdf5Source source, long address, int depth, long[] first, long[] last)
    {
        var start = source.Begin(address, 8 + (2 * source.Numbering.AddressSize), What).Expect("TREE"u8);
        var (kind, level, count) = (start.Byte(), start.Byte(), start.Short());
        if (kind != 1 || level > depth)
        {
            throw source.Damaged($"{What} has a node of kind {kind} and level {level} at {address}, expected kind 1 and at most level {depth}");
        }

        var key = 8 + (8 * (Lengths.Length + 1));
        var node = source.Take(address + start.Position + (2 * source.Numbering.AddressSize), ((long)count * (key + source.Numbering.AddressSize)) + key, What);
        var next = Key(node);
        for (var i = 0; i < count; i++)
        {
            var ((place, bytes, skipped), child) = (next, node.Address());
            next = Key(node);
            if (Compare(place, last) > 0 || (level > 0 ? Compare(next.Place, first) <= 0 : Compare(place, first) < 0))
            {
                continue;
            }

            if (level == 0)
            {
                yield return (place, new Hdf5Chunk(child, bytes, skipped));
                continue;
            }

            foreach (var found in Tree(source, child, level - 1, first, last))
            {
                yield return found;
            }
        }
    }

    /// <summary>A chunk's place in chunks, its bytes and its skipped filters.</summary>
    private (long[] Place, long Bytes, uint Skipped) Key(Hdf5Cursor node)
    {
        var (bytes, skipped) = (node.Int(), (uint)node.Int());
        var place = new long[Lengths.Length];
        for (var axis = 0; axis < place.Length; axis++)
        {
            // The last key of a tree may be anything beyond its chunks.
            place[axis] = node.Number(8) / Lengths[axis];
        }

        node.Skip(8);
        return (place, bytes, skipped);
    }

    private static int Compare(long[] left, long[] right)
    {
        var axis = left.AsSpan().CommonPrefixLength(right);
        return axis == left.Length ? 0 : left[axis].CompareTo(right[axis]);
    }

    /// <summary>All that there may ever be have their room from the start.</summary>
    private IEnumerable<(long[] Place, Hdf5Chunk Chunk)> Implicit(Hdf5Source source, long[] first, long[] last)
    {
        var all = Grid.Aggregate((Int128)ChunkBytes, (bytes, n) => Int128.Min(bytes * n, long.MaxValue));
        source.CheckBounds(Address, (long)all, "the chunks of a dataset");
        var place = (long[])first.Clone();
        while (true)
        {
            var number = 0L;
            for (var axis = 0; axis < place.Length; axis++)
            {
                number = (number * Grid[axis]) + place[axis];
            }

            yield return ((long[])place.Clone(), new Hdf5Chunk(Address + (number * ChunkBytes), ChunkBytes, 0));
            var next = place.Length - 1;
            while (next >= 0 && place[next] == last[next])
            {
                place[next] = first[next];
                next--;
            }

            if (next < 0)
            {
                yield break;
            }

            place[next]++;
        }
    }

    /// <summary>Entries of an array counted row by row, the axis that grows first of all.</summary>
    private IEnumerable<(long[] Place, Hdf5Chunk Chunk)> Placed(IEnumerable<(long Number, Hdf5Chunk Chunk)> entries)
    {
        var grows = Math.Max(0, Array.IndexOf(Grid, Hdf5Source.Undefined));
        int[] order = [grows, .. Enumerable.Range(0, Grid.Length).Where(axis => axis != grows)];
        foreach (var (entry, chunk) in entries)
        {
            var (place, number) = (new long[Grid.Length], entry);
            for (var i = order.Length - 1; i > 0; i--)
            {
                (number, place[order[i]]) = Math.DivRem(number, Grid[order[i]]);
            }

            place[order[0]] = number;
            yield return (place, chunk);
        }
    }

    private IEnumerable<(long[] Place, Hdf5Chunk Chunk)> Records(Hdf5Source source)
    {
        foreach (var record in new Hdf5Records(source, Address).Read(IsPacked ? Hdf5Records.PackedChunks : Hdf5Records.Chunks))
        {
            var found = Entry(record, IsPacked ? record.Left - source.Numbering.AddressSize - 4 - (8 * Lengths.Length) : 0);
            var place = new long[Lengths.Length];
            for (var axis = 0; axis < place.Length; axis++)
            {
                place[axis] = record.Number(8);
            }

            if (found is { } chunk)
            {
                yield return (place, chunk);
            }
        }
    }
}
