using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Where the elements of a dataset are: a run of bytes, or chunks.</summary>
/// <param name="Address">Of the run; <see cref="Hdf5Source.Undefined"/>: nothing was written.</param>
/// <param name="Within">The elements themselves, where they stand in the header.</param>
/// <param name="Chunks">Null for a run.</param>
/// <param name="HasPlainEdges">Whether chunks that reach over the end went without filters.</param>
internal sealed record Hdf5Layout(long Address, byte[]? Within, Hdf5Chunks? Chunks, bool HasPlainEdges)
{
    private const int Compact = 0, Contiguous = 1, Chunked = 2;
    private const int PlainEdges = 1, PackedSingle = 2;

    public static Hdf5Layout Read(Hdf5Cursor message, string name, NumpyType type, long[] most, bool isPacked)
    {
        // Versions 1 and 2 (before HDF5 1.6.3) give a number of axes for every kind, and room to spare.
        var version = message.Version(1, 4);
        var axes = version < 3 ? message.Byte() : 0;
        var kind = message.Byte();
        message.Skip(version < 3 ? 5 : 0);
        switch (kind)
        {
            case Compact:
                return new Hdf5Layout(0, message.Take(version < 3 ? message.Skip(4 * axes).Int() : message.Short()).ToArray(), null, false);
            case Contiguous:
                return new Hdf5Layout(message.Address(), null, null, false);
            case Chunked:
                var (chunks, flags) = version == 4 ? New(message, name, type, most, isPacked)
                    : (Old(message, name, type, most, isPacked, version == 3 ? message.Byte() : axes), 0);
                return new Hdf5Layout(Hdf5Source.Undefined, null, chunks, (flags & PlainEdges) != 0);
            default:
                throw message.Source.Foreign($"dataset '{name}' has layout {kind}, as one put together from others", "compact (0), contiguous (1) or chunked (2)");
        }
    }

    private static Hdf5Chunks Old(Hdf5Cursor message, string name, NumpyType type, long[] most, bool isPacked, int axes)
    {
        var address = message.Address();
        return Make(message, name, type, most, isPacked, axes, lengthBytes: 4, _ => (Hdf5Index.Tree, default, address));
    }

    private static (Hdf5Chunks Chunks, int Flags) New(Hdf5Cursor message, string name, NumpyType type, long[] most, bool isPacked)
    {
        var (flags, axes, lengthBytes) = (message.Byte(), message.Byte(), message.Byte());
        return (Make(message, name, type, most, isPacked, axes, lengthBytes, chunkBytes =>
        {
            var index = (Hdf5Index)message.Byte();
            var (bytes, skipped) = (chunkBytes, 0L);
            if (index == Hdf5Index.Single && (flags & PackedSingle) != 0)
            {
                (bytes, skipped) = (message.Count(), message.Int());
            }

            message.Skip(index switch
            {
                Hdf5Index.Single or Hdf5Index.Implicit => 0,
                Hdf5Index.Fixed => 1,
                Hdf5Index.Extensible => 5,
                Hdf5Index.Records => 6,
                _ => throw message.Source.Foreign($"chunks of dataset '{name}' have index {(int)index}", "1 to 5"),
            });
            var address = message.Address();
            return (index, new Hdf5Chunk(address, bytes, (uint)skipped), address);
        }), flags);
    }

    private static Hdf5Chunks Make(Hdf5Cursor message, string name, NumpyType type, long[] most, bool isPacked, int axes, int lengthBytes, Func<long, (Hdf5Index, Hdf5Chunk, long)> index)
    {
        // The last axis of a chunk is the bytes of an element.
        var lengths = new long[axes];
        Int128 bytes = 1;
        for (var axis = 0; axis < axes; axis++)
        {
            lengths[axis] = message.Number(lengthBytes);
            bytes = Int128.Min(bytes * lengths[axis], long.MaxValue);
        }

        // Version 3 puts the address before, version 4 the index after them.
        if (axes != most.Length + 1 || most.Length == 0 || lengths[^1] != type.Size || bytes < 1)
        {
            throw message.Damaged($"gives dataset '{name}' chunks of {Strided.Text(lengths)} with the element's size, but it has {most.Length} axes and elements of {type.Size} bytes");
        }

        if (bytes > Array.MaxLength)
        {
            throw message.Source.Foreign($"dataset '{name}' has chunks of {Strided.Text(lengths)} bytes", $"at most {Array.MaxLength} bytes a chunk");
        }

        var (kind, single, address) = index((long)bytes);
        var grid = new long[most.Length];
        for (var axis = 0; axis < grid.Length; axis++)
        {
            grid[axis] = most[axis] < 0 ? Hdf5Source.Undefined : Math.Max(1, (most[axis] / lengths[axis]) + (most[axis] % lengths[axis] != 0 ? 1 : 0));
        }

        var growing = grid.Count(n => n < 0);
        return growing == 0 || (kind == Hdf5Index.Extensible && growing == 1) || kind is Hdf5Index.Records or Hdf5Index.Tree
            ? new Hdf5Chunks(kind, address, [.. lengths.Take(grid.Length).Select(n => (int)n)], grid, (long)bytes, isPacked, single)
            : throw message.Damaged($"gives dataset '{name}' an index of kind {(int)kind}, which can't grow along {growing} axes");
    }
}
