using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Reads any part of a Zarr array: the chunks it touches, each unpacked once. Chunks that are not there hold the fill value.</summary>
internal sealed unsafe class ZarrReader(string folder, ZarrMetadata metadata) : BlockReader
{
    private const ulong Absent = ulong.MaxValue;

    public override NDArray Read(long[] origin, int[] shape) => ChunkedBlocks.Read(metadata.Type.DType, metadata.Chunks, origin, shape, ReadChunk);

    /// <summary>Fills a view with part of one chunk.</summary>
    private void ReadChunk(int[] chunk, int[] from, int[] size, NDArray target)
    {
        var shards = metadata.Shards;
        var name = Path.Combine(folder, metadata.ChunkFile(shards is null ? chunk : [.. chunk.Select((c, axis) => c / (shards.Shape[axis] / metadata.Chunks[axis]))]));
        if (!File.Exists(name))
        {
            // A chunk that was never written, or an array that this process does not see: then it would be all fill value.
            if (!File.Exists(Path.Combine(folder, metadata.FileName)))
            {
                throw new FileNotFoundException($"There is no '{Path.Combine(folder, metadata.FileName)}'.");
            }

            FillWith(target);
            return;
        }

        using var file = File.OpenHandle(name);
        var (start, length) = (0L, RandomAccess.GetLength(file));
        if (shards is not null)
        {
            if (FindInShard(file, shards, chunk, length, name) is not { } found)
            {
                FillWith(target);
                return;
            }

            (start, length) = found;
        }

        var plainLength = metadata.ChunkElements * metadata.Type.Size;
        var trailer = metadata.HasChecksum ? sizeof(uint) : 0;
        if (metadata.Codec is null ? length != plainLength + trailer : length > Compression.Most(plainLength) || length < trailer)
        {
            throw new ArrayFileException($"{name}: the chunk takes {length} bytes, but {plainLength}{(metadata.Codec is null ? "" : " packed by " + metadata.Codec)} are expected. The file is cut off or damaged.");
        }

        if (metadata is { Codec: null, HasChecksum: false, FortranOrder: false, Type.IsAsInMemory: true } && target.IsContiguous && size.AsSpan().SequenceEqual(metadata.Chunks))
        {
            using var pin = target.Pin();
            var plain = new Span<byte>(StoredElements.First(target, pin), plainLength);
            ReadBytes(file, plain, start, name);
            metadata.Type.ToNative(plain);
            return;
        }

        var packed = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            ReadBytes(file, packed.AsSpan(0, (int)length), start, name);
            Check(packed.AsSpan(0, (int)length), metadata.HasChecksum, name);
            Compression.CheckSize(metadata.Codec, packed.AsSpan(0, (int)length - trailer), plainLength, name);
            Place(new ArraySegment<byte>(packed, 0, (int)length - trailer), plainLength, from, size, target, name);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    private void Place(ArraySegment<byte> packed, int plainLength, int[] from, int[] size, NDArray target, string name)
    {
        var type = metadata.Type;
        if (metadata.Codec is { } codec)
        {
            if (target.IsContiguous && size.AsSpan().SequenceEqual(metadata.Chunks) && !metadata.FortranOrder && type.IsAsInMemory)
            {
                using var pin = target.Pin();
                var plain = new Span<byte>(StoredElements.First(target, pin), plainLength);
                Compression.Decompress(codec, packed, plain, name);
                type.ToNative(plain);
                return;
            }

            var unpacked = ArrayPool<byte>.Shared.Rent(plainLength);
            try
            {
                Compression.Decompress(codec, packed, unpacked.AsSpan(0, plainLength), name);
                Place(unpacked, from, size, target);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(unpacked);
            }

            return;
        }

        Place(packed.AsSpan(), from, size, target);
    }

    private void Place(ReadOnlySpan<byte> plain, int[] from, int[] size, NDArray target) =>
        ChunkedBlocks.Place(plain, metadata.Type, metadata.Chunks, metadata.FortranOrder, from, size, target);

    /// <summary>Where a chunk lies in its shard; null where it is not there.</summary>
    private (long Start, long Length)? FindInShard(SafeFileHandle file, ZarrShards shards, int[] chunk, long length, string name)
    {
        var (index, count) = (0, 1);
        for (var axis = 0; axis < chunk.Length; axis++)
        {
            var along = shards.Shape[axis] / metadata.Chunks[axis];
            index = (index * along) + (chunk[axis] % along);
            count *= along;
        }

        var bytes = new byte[(count * 16) + (shards.IndexHasChecksum ? sizeof(uint) : 0)];
        if (length < bytes.Length)
        {
            throw new ArrayFileException($"{name}: the shard has {length} bytes, but its index alone takes {bytes.Length}. The file is cut off.");
        }

        ReadBytes(file, bytes, shards.IndexAtEnd ? length - bytes.Length : 0, name);
        Check(bytes, shards.IndexHasChecksum, name);
        var start = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(index * 16));
        var size = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan((index * 16) + 8));
        return start == Absent && size == Absent ? null
            : size <= (ulong)length && start <= (ulong)length - size ? ((long)start, (long)size)
            : throw new ArrayFileException($"{name}: the shard's index puts chunk {index} at {start} with {size} bytes, beyond the file's {length}.");
    }

    private static void ReadBytes(SafeFileHandle file, Span<byte> bytes, long at, string name)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes[done..], at + done);
            done += read > 0 ? read : throw new ArrayFileException($"{name} ends at byte {at + done}, but {bytes.Length} bytes at {at} are wanted. The file is cut off.");
        }
    }

    /// <summary>Where a checksum follows, it must be that of what stands before it.</summary>
    private static void Check(ReadOnlySpan<byte> bytes, bool hasChecksum, string name)
    {
        if (!hasChecksum)
        {
            return;
        }

        var crc = uint.MaxValue;
        foreach (var value in bytes[..^sizeof(uint)])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        if (~crc != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]))
        {
            throw new ArrayFileException($"{name}: the checksum does not fit. The file is damaged.");
        }
    }

    private void FillWith(NDArray target)
    {
        var one = NDArray.Allocate(target.DType, []);
        using (var pin = one.Pin())
        {
            Constants.Fill(one.DType, metadata.Fill, StoredElements.First(one, pin), 1);
        }

        ChunkedBlocks.Fill(target, one);
    }
}
