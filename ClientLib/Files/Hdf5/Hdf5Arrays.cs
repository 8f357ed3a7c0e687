using System.Numerics;

namespace Orleans.Dask.Files;

/// <summary>The entries of HDF5's two arrays of chunks, by number.</summary>
internal static class Hdf5Arrays
{
    private const string What = "the array of chunks";
    private const int ChecksumSize = 4;

    /// <summary>One block of entries; if it is long, in pages, of which a row of bits tells which were ever written.</summary>
    public static IEnumerable<(long Number, Hdf5Chunk Chunk)> Fixed(Hdf5Source source, long address, Hdf5Chunks chunks)
    {
        var each = source.Numbering.AddressSize;
        var head = source.Take(address, 12 + each + source.Numbering.CountSize, What, isChecked: true).Expect("FAHD"u8);
        head.Version(0, 0);
        var (size, pageBits, count, block) = (head.Skip(1).Byte(), head.Byte(), head.Count(), head.Address());
        CheckEntries(source, chunks, size, pageBits);
        if (block < 0)
        {
            return [];
        }

        source.CheckBounds(0, count, What);
        source.Begin(block, 4, What).Expect("FADB"u8);
        return Entries(source, chunks, block, 6 + each, count, size, 1L << pageBits, 0, written: null, 0);
    }

    /// <summary>
    /// First entries in the index block, then data blocks it names, then data blocks that further blocks name. Groups of data
    /// blocks are numbered: group g has 2^(g/2) blocks, of the least length times 2^((g+1)/2) entries each.
    /// </summary>
    public static IEnumerable<(long Number, Hdf5Chunk Chunk)> Extensible(Hdf5Source source, long address, Hdf5Chunks chunks)
    {
        var each = source.Numbering.AddressSize;
        var head = source.Take(address, 16 + each + (6 * source.Numbering.CountSize), What, isChecked: true).Expect("EAHD"u8);
        head.Version(0, 0);
        var (size, countBits, inIndex, least, pointers, pageBits) = (head.Skip(1).Byte(), head.Byte(), head.Byte(), head.Byte(), head.Byte(), head.Byte());
        var index = head.Skip(6 * source.Numbering.CountSize).Address();
        CheckEntries(source, chunks, size, pageBits);
        if (countBits > 63 || !BitOperations.IsPow2(least) || !BitOperations.IsPow2(pointers) || BitOperations.Log2((uint)least) > countBits)
        {
            throw head.Damaged($"has blocks of {least} entries and {pointers} pointers, of 2^{countBits} in all");
        }

        if (index < 0)
        {
            yield break;
        }

        var (inner, offsetBytes) = (2 * BitOperations.Log2((uint)pointers), (countBits + 7) / 8);
        var groups = 1 + countBits - BitOperations.Log2((uint)least);
        var (direct, further) = (2 * (pointers - 1), Math.Max(0, groups - inner));
        var body = source.Take(index, 6 + each + ((long)inIndex * size) + ((long)(direct + further) * each) + ChecksumSize, What, isChecked: true).Expect("EAIB"u8).Skip(2 + each);
        for (var i = 0; i < inIndex; i++)
        {
            if (chunks.Entry(body.Part(size), size - each - 4) is { } chunk)
            {
                yield return (i, chunk);
            }
        }

        long number = inIndex;
        for (var group = 0; group < groups; group++)
        {
            var (blocks, length) = (1L << (group / 2), (long)least << ((group + 1) / 2));
            var (pages, list, bits) = (length >> pageBits, body, (byte[]?)null);
            if (group >= inner)
            {
                var at = body.Address();
                if (at < 0)
                {
                    number += blocks * length;
                    continue;
                }

                var bitBytes = pages > 1 ? blocks * ((pages + 7) / 8) : 0;
                list = source.Take(at, 6 + each + offsetBytes + bitBytes + (blocks * each) + ChecksumSize, What, isChecked: true).Expect("EASB"u8).Skip(2 + each + offsetBytes);
                bits = list.Take(bitBytes).ToArray();
            }

            for (var block = 0L; block < blocks; block++, number += length)
            {
                var at = list.Address();
                if (at < 0)
                {
                    continue;
                }

                source.Begin(at, 4, What).Expect("EADB"u8);
                if (pages > 1 && bits is null)
                {
                    throw head.Damaged("has pages in its index");
                }

                foreach (var entry in Entries(source, chunks, at, 6 + each + offsetBytes, length, size, 1L << pageBits, number, bits, block * pages))
                {
                    yield return entry;
                }
            }
        }
    }

    /// <summary>The entries of a data block, in pages where it is longer than one.</summary>
    /// <param name="before">Bytes of the block's beginning.</param>
    /// <param name="number">Of its first entry.</param>
    /// <param name="written">Which pages were; null: the block itself tells, after its beginning.</param>
    /// <param name="bit">The first page's there: blocks that share a row of bits follow each other without gaps, though it has room for whole bytes.</param>
    private static IEnumerable<(long Number, Hdf5Chunk Chunk)> Entries(
        Hdf5Source source, Hdf5Chunks chunks, long block, int before, long count, int size, long page, long number, byte[]? written, long bit)
    {
        var at = block;
        if (count > page)
        {
            var pages = (count + page - 1) / page;
            var own = written is null ? (pages + 7) / 8 : 0;
            var start = source.Take(block, before + own + ChecksumSize, What, isChecked: true).Skip(before);
            written ??= start.Take(own).ToArray();
            at += before + own + ChecksumSize;
        }

        for (var done = 0L; done < count; done += page, bit++)
        {
            var length = Math.Min(page, count - done);
            var bytes = (length * size) + ChecksumSize + (count > page ? 0 : before);
            if (count <= page || (written![bit / 8] & (128 >> (int)(bit % 8))) != 0)
            {
                var entries = source.Take(at, bytes, What, isChecked: true).Skip(count > page ? 0 : before);
                for (var i = 0; i < length; i++)
                {
                    if (chunks.Entry(entries.Part(size), size - source.Numbering.AddressSize - 4) is { } chunk)
                    {
                        yield return (number + done + i, chunk);
                    }
                }
            }

            at += bytes;
        }
    }

    private static void CheckEntries(Hdf5Source source, Hdf5Chunks chunks, int size, int pageBits)
    {
        var least = source.Numbering.AddressSize + (chunks.IsPacked ? 5 : 0);
        if (size < least || size > least + 7 || pageBits is < 1 or > 30)
        {
            throw source.Damaged($"{What} has entries of {size} bytes in pages of 2^{pageBits}");
        }
    }
}
