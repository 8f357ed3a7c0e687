using System.Buffers;
using System.Buffers.Binary;

namespace Orleans.Dask.Files;

/// <summary>What was done to a chunk before it was written, first to last.</summary>
/// <param name="Id">One of those known here.</param>
/// <param name="ElementSize">Bytes that shuffling takes together.</param>
internal readonly record struct Hdf5Filter(int Id, int ElementSize)
{
    public const int Deflate = 1, Shuffle = 2, Fletcher32 = 3;
}

/// <summary>Reads the filters of a dataset and undoes them. What a chunk grows to is known before.</summary>
internal static class Hdf5Filters
{
    private const int ChecksumSize = sizeof(uint);

    public static Hdf5Filter[] Read(Hdf5Cursor? message, string name)
    {
        if (message is null)
        {
            return [];
        }

        var version = message.Version(1, 2);
        var filters = new Hdf5Filter[message.Byte()];
        message.Skip(version == 1 ? 6 : 0);
        for (var i = 0; i < filters.Length; i++)
        {
            var id = message.Short();
            var nameLength = version == 1 || id >= 256 ? message.Short() : 0;
            var values = message.Skip(2).Short();
            message.Skip(nameLength);
            var first = values > 0 ? message.Int() : 0;
            message.Skip((4 * Math.Max(0, values - 1)) + (version == 1 && values % 2 != 0 ? 4 : 0));
            filters[i] = id is Hdf5Filter.Deflate or Hdf5Filter.Shuffle or Hdf5Filter.Fletcher32 ? new Hdf5Filter(id, (int)Math.Clamp(first, 0, int.MaxValue))
                : throw message.Source.Foreign($"chunks of dataset '{name}' are made by filter {id}", "deflate (1), shuffle (2) and fletcher32 (3)");
        }

        return filters.Count(f => f.Id == Hdf5Filter.Deflate) <= 1 ? filters : throw message.Source.Foreign($"chunks of dataset '{name}' are deflated twice", "once");
    }

    /// <summary>Undoes what was done to a chunk, last to first.</summary>
    /// <param name="filters">All of the dataset.</param>
    /// <param name="skipped">A bit for each that this chunk went without.</param>
    /// <param name="bytes">As in the file.</param>
    /// <param name="plain">Filled, to the byte.</param>
    /// <param name="file">For errors.</param>
    public static void Undo(Hdf5Filter[] filters, uint skipped, ArraySegment<byte> bytes, Span<byte> plain, string file)
    {
        byte[]? inflated = null, turned = null;
        try
        {
            for (var i = filters.Length - 1; i >= 0; i--)
            {
                if (i < 32 && (skipped & (1u << i)) != 0)
                {
                    continue;
                }

                switch (filters[i].Id)
                {
                    case Hdf5Filter.Fletcher32:
                        bytes = Checked(bytes, file);
                        break;
                    case Hdf5Filter.Deflate:
                        var length = plain.Length + (ChecksumSize * filters.Take(i).Count(f => f.Id == Hdf5Filter.Fletcher32));
                        Compression.CheckSize("zlib", bytes, length, file);
                        inflated = ArrayPool<byte>.Shared.Rent(length);
                        Compression.Decompress("zlib", bytes, inflated.AsSpan(0, length), file);
                        bytes = new ArraySegment<byte>(inflated, 0, length);
                        break;
                    default:
                        // Large enough for what is shuffled before it is deflated and for what is shuffled after.
                        turned ??= ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Count, plain.Length + (ChecksumSize * filters.Length)));
                        Unshuffle(bytes, turned, filters[i].ElementSize);
                        turned.AsSpan(0, bytes.Count).CopyTo(bytes);
                        break;
                }
            }

            if (bytes.Count != plain.Length)
            {
                throw new ArrayFileException($"{file}: a chunk has {bytes.Count} bytes when unpacked, but {plain.Length} are expected. The file is damaged.");
            }

            bytes.AsSpan().CopyTo(plain);
        }
        finally
        {
            foreach (var rented in (ReadOnlySpan<byte[]?>)[inflated, turned])
            {
                if (rented is not null)
                {
                    ArrayPool<byte>.Shared.Return(rented);
                }
            }
        }
    }

    /// <summary>Before room is made: whether so few bytes can be a whole chunk.</summary>
    public static void CheckGrowth(Hdf5Filter[] filters, uint skipped, int packed, int plain, string file)
    {
        var deflated = Array.FindIndex(filters, f => f.Id == Hdf5Filter.Deflate);
        var most = deflated >= 0 && (skipped & (1L << deflated)) == 0 ? packed * 1032L : packed;
        if (most < plain)
        {
            throw new ArrayFileException($"{file}: {packed} bytes unpack to at most {most}, but the chunk has {plain}. The file is damaged.");
        }
    }

    private static ArraySegment<byte> Checked(ArraySegment<byte> bytes, string file)
    {
        if (bytes.Count >= ChecksumSize)
        {
            var sum = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Count - ChecksumSize));
            if (Hdf5Checksum.Fletcher32(bytes.AsSpan(0, bytes.Count - ChecksumSize)) == sum)
            {
                return bytes[..^ChecksumSize];
            }
        }

        throw new ArrayFileException($"{file}: the checksum of a chunk does not fit. The file is damaged.");
    }

    /// <summary>First bytes of all elements, then second bytes, and so on: put back. What is left over at the end stays there.</summary>
    private static void Unshuffle(ReadOnlySpan<byte> from, Span<byte> to, int size)
    {
        var count = size > 1 ? from.Length / size : 0;
        for (var part = 0; part < size && count > 0; part++)
        {
            var at = part;
            foreach (var value in from.Slice(part * count, count))
            {
                to[at] = value;
                at += size;
            }
        }

        var done = count * Math.Max(1, size);
        from[done..].CopyTo(to[done..]);
    }
}
