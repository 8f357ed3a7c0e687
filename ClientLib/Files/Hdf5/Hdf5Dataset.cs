using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>What an HDF5 file says of one of its datasets.</summary>
/// <param name="Type">Elements as the file holds them.</param>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="Chunks">Lengths of the file's own chunks; null where elements lie together.</param>
/// <param name="Reader">Reads any part.</param>
internal sealed record Hdf5Dataset(NumpyType Type, long[] Shape, long[]? Chunks, BlockReader Reader)
{
    /// <summary>
    /// Reads the structures ourselves. libhdf5 trusts what they say: of 20,000 changed copies of a file of 20 kB, 19 ended the
    /// process by a bad address or a damaged heap, or never came back.
    /// </summary>
    public static Hdf5Dataset Open(string path, string name)
    {
        using var source = new Hdf5Source(path);
        var header = new Hdf5Links(source, Hdf5Superblock.Read(source)).Find(name);
        if (header.Find(Hdf5Message.Dataspace) is not { } space || header.Find(Hdf5Message.Datatype) is not { } element || header.Find(Hdf5Message.Layout) is not { } place)
        {
            throw new ArrayFileException($"{path}: '{name}' is a group or something else without shape and type. Expected the path of a dataset within the file.");
        }

        if (header.Find(Hdf5Message.External) is not null)
        {
            throw source.Foreign($"dataset '{name}' has its elements in other files", "elements in the file itself");
        }

        var (shape, most) = Hdf5Types.Shape(space, name);
        var type = Hdf5Types.Element(element, name);
        var filters = Hdf5Filters.Read(header.Find(Hdf5Message.Filters), name);
        var fill = Hdf5Types.Fill(header, type);
        var layout = Hdf5Layout.Read(place, name, type, most, filters.Length > 0);
        if (layout.Chunks is { } chunks)
        {
            return new Hdf5Dataset(type, shape, Array.ConvertAll(chunks.Lengths, n => (long)n),
                new Hdf5ChunkReader(path, source.Numbering, type, shape, chunks, filters, fill, layout.HasPlainEdges));
        }

        var bytes = shape.Aggregate((Int128)type.Size, (n, length) => n * length);
        if (layout.Within is { } within)
        {
            return bytes == within.Length ? new Hdf5Dataset(type, shape, null, new Hdf5HeldReader(type, shape, within))
                : throw source.Damaged($"dataset '{name}' of shape {Strided.Text(shape)} holds {within.Length} bytes, expected {bytes}");
        }

        if (layout.Address < 0)
        {
            return new Hdf5Dataset(type, shape, null, new Hdf5HeldReader(type, [], fill ?? new byte[type.Size]));
        }

        source.CheckBounds(layout.Address, bytes <= long.MaxValue ? (long)bytes : long.MaxValue, $"dataset '{name}' of shape {Strided.Text(shape)}");
        return new Hdf5Dataset(type, shape, null, new FileRegion(path, source.Numbering.Start + layout.Address, type, shape, fortranOrder: false));
    }
}

/// <summary>Elements that travel with their reader: those of a small dataset, or one that stands everywhere.</summary>
/// <param name="type">Of the elements.</param>
/// <param name="shape">All of them; none: one for every place.</param>
/// <param name="bytes">As in the file.</param>
internal sealed unsafe class Hdf5HeldReader(NumpyType type, long[] shape, byte[] bytes) : BlockReader
{
    public override NDArray Read(long[] origin, int[] size)
    {
        var steps = shape.Length == 0 ? new long[size.Length] : StoredElements.Steps(shape, fortranOrder: false);
        var first = origin.Zip(steps, (at, step) => at * step).Sum() * type.Size;
        fixed (byte* start = bytes)
        {
            return StoredElements.Read(type, start + first, steps, size);
        }
    }
}
