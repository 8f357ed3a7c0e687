using System.Buffers;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Reads any part of a chunked dataset: finds the chunks it touches, and unpacks each once. Chunks that were never written hold the fill value.</summary>
internal sealed unsafe class Hdf5ChunkReader(
    string path, Hdf5Numbering numbering, NumpyType type, long[] shape, Hdf5Chunks chunks, Hdf5Filter[] filters, byte[]? fill, bool hasPlainEdges) : BlockReader
{
    private const string What = "a chunk";

    public override NDArray Read(long[] origin, int[] size)
    {
        var result = NDArray.Allocate(type.DType, size);
        if (result.Size == 0)
        {
            return result;
        }

        using var source = new Hdf5Source(path, numbering);
        var (first, count) = ChunkedBlocks.Touched(chunks.Lengths, origin, size);
        var found = new Dictionary<long, (long[] Place, Hdf5Chunk Chunk)>();
        foreach (var (place, chunk) in chunks.Between(source, Array.ConvertAll(first, n => (long)n), [.. first.Zip(count, (n, c) => (long)n + c - 1)]))
        {
            if (Number(first, count, place) is >= 0 and var number)
            {
                found[number] = (place, chunk);
            }
        }

        // A file may claim millions of chunks and hold none.
        if (found.Count < count.Aggregate(1L, (product, n) => product * n))
        {
            fixed (byte* one = fill ?? new byte[type.Size])
            {
                ChunkedBlocks.Fill(result, StoredElements.Read(type, one, [], []));
            }
        }

        foreach (var (place, chunk) in found.Values)
        {
            ChunkedBlocks.Part(chunks.Lengths, Array.ConvertAll(place, n => (int)n), origin, result, (at, from, part, target) => ReadChunk(source, at, chunk, from, part, target));
        }

        return result;
    }

    /// <summary>A chunk's number among those touched; -1 where it is none of them.</summary>
    private static long Number(int[] first, int[] count, long[] place)
    {
        long number = 0;
        for (var axis = 0; axis < place.Length; axis++)
        {
            var at = place[axis] - first[axis];
            if (at < 0 || at >= count[axis])
            {
                return -1;
            }

            number = (number * count[axis]) + at;
        }

        return number;
    }

    private void ReadChunk(Hdf5Source source, int[] place, Hdf5Chunk chunk, int[] from, int[] size, NDArray target)
    {
        var isPlain = filters.Length == 0 || (hasPlainEdges && place.Where((at, axis) => (at + 1L) * chunks.Lengths[axis] > shape[axis]).Any());
        if (isPlain ? chunk.Bytes != chunks.ChunkBytes : chunk.Bytes > Compression.Most(chunks.ChunkBytes))
        {
            throw source.Damaged($"chunk {Strided.Text(place)} takes {chunk.Bytes} bytes, expected {chunks.ChunkBytes}{(isPlain ? "" : " before it was packed")}");
        }

        source.CheckBounds(chunk.Address, chunk.Bytes, What);
        var packed = ArrayPool<byte>.Shared.Rent((int)chunk.Bytes);
        byte[]? plain = null;
        try
        {
            var bytes = new ArraySegment<byte>(packed, 0, (int)chunk.Bytes);
            source.Read(chunk.Address, bytes, What);
            if (isPlain)
            {
                ChunkedBlocks.Place(bytes, type, chunks.Lengths, fortranOrder: false, from, size, target);
                return;
            }

            if (target.IsContiguous && size.AsSpan().SequenceEqual(chunks.Lengths) && type.IsAsInMemory)
            {
                using var pin = target.Pin();
                var whole = new Span<byte>(StoredElements.First(target, pin), (int)chunks.ChunkBytes);
                Hdf5Filters.Undo(filters, chunk.Skipped, bytes, whole, path);
                type.ToNative(whole);
                return;
            }

            Hdf5Filters.CheckGrowth(filters, chunk.Skipped, bytes.Count, (int)chunks.ChunkBytes, path);
            plain = ArrayPool<byte>.Shared.Rent((int)chunks.ChunkBytes);
            var unpacked = plain.AsSpan(0, (int)chunks.ChunkBytes);
            Hdf5Filters.Undo(filters, chunk.Skipped, bytes, unpacked, path);
            ChunkedBlocks.Place(unpacked, type, chunks.Lengths, fortranOrder: false, from, size, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
            if (plain is not null)
            {
                ArrayPool<byte>.Shared.Return(plain);
            }
        }
    }
}
