using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Dask.Files;

/// <summary>One file in a zip archive, and where its bytes lie.</summary>
/// <param name="Name">As the archive has it.</param>
/// <param name="Method">0: as they are; 8: deflated.</param>
/// <param name="Packed">Bytes in the archive.</param>
/// <param name="Size">Bytes unpacked.</param>
/// <param name="Offset">First byte in the archive.</param>
internal sealed record ZipEntry(string Name, int Method, long Packed, long Size, long Offset);

/// <summary>
/// The directory of a zip archive. The library's own reader hides where an entry's bytes lie, and entries that are not
/// compressed are read where they lie.
/// </summary>
internal static class ZipIndex
{
    private const uint EndMark = 0x06054b50, End64Mark = 0x06064b50, Locator64Mark = 0x07064b50, EntryMark = 0x02014b50, LocalMark = 0x04034b50;
    private const int EndLength = 22, EntryLength = 46, LocalLength = 30;
    private const long LongestDirectory = 64 << 20;

    /// <summary>Deflate packs at most 1032 bytes into one.</summary>
    private const long MostPacked = 1032;

    public static List<ZipEntry> Read(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        var (start, size, count) = FindDirectory(file, length, path);
        if (size > LongestDirectory || start < 0 || size < 0 || start > length - size || count > size / EntryLength)
        {
            throw Damaged(path, $"its directory of {count} entries is said to be {size} bytes at {start}, of {length} bytes");
        }

        var directory = Bytes(file, start, (int)size, path);
        var entries = new List<ZipEntry>();
        var at = 0;
        for (long i = 0; i < count; i++)
        {
            entries.Add(ReadEntry(file, directory, ref at, length, path));
        }

        return entries;
    }

    private static (long Start, long Size, long Count) FindDirectory(SafeFileHandle file, long length, string path)
    {
        // A comment of up to 64 kB may follow the end record.
        var tail = Bytes(file, Math.Max(0, length - EndLength - ushort.MaxValue), (int)Math.Min(length, EndLength + ushort.MaxValue), path);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndMark)
            {
                continue;
            }

            long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            return start == uint.MaxValue || size == uint.MaxValue || count == ushort.MaxValue ? FindDirectory64(file, length - tail.Length + at, length, path) : (start, size, count);
        }

        throw new ArrayFileException($"{path} is not an .npz file: it does not end as a zip archive does. It is of another kind, or cut off.");
    }

    private static (long Start, long Size, long Count) FindDirectory64(SafeFileHandle file, long end, long length, string path)
    {
        if (end < 20)
        {
            throw Damaged(path, "the end of a large archive has no locator");
        }

        var locator = Bytes(file, end - 20, 20, path);
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != Locator64Mark || at < 0 || at > length - 56)
        {
            throw Damaged(path, "the locator of a large archive's directory leads nowhere");
        }

        var record = Bytes(file, at, 56, path);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) != End64Mark
            ? throw Damaged(path, $"no end record stands at {at}")
            : (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32)));
    }

    private static ZipEntry ReadEntry(SafeFileHandle file, byte[] directory, ref int at, long length, string path)
    {
        if (directory.Length - at < EntryLength || BinaryPrimitives.ReadUInt32LittleEndian(directory.AsSpan(at)) != EntryMark)
        {
            throw Damaged(path, $"no entry stands at byte {at} of its directory");
        }

        var entry = directory.AsSpan(at);
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]), method = BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]), size = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]), local = BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]), extraLength = BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]), commentLength = BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
        if (entry.Length < EntryLength + nameLength + extraLength + commentLength)
        {
            throw Damaged(path, "an entry reaches beyond its directory");
        }

        var name = Encoding.UTF8.GetString(entry.Slice(EntryLength, nameLength));
        Widen(entry.Slice(EntryLength + nameLength, extraLength), ref size, ref packed, ref local);
        at += EntryLength + nameLength + extraLength + commentLength;
        if ((flags & 1) != 0 || method is not (0 or 8))
        {
            throw Damaged(path, $"entry '{name}' is {((flags & 1) != 0 ? "encrypted" : string.Create(CultureInfo.InvariantCulture, $"packed by method {method}"))}, which is not read");
        }

        if (local < 0 || packed < 0 || local > length - LocalLength || (method == 0 ? size != packed : size < 0 || size / MostPacked > packed))
        {
            throw Damaged(path, $"entry '{name}' is said to have {packed} bytes at {local} that unpack to {size}, of {length} bytes");
        }

        var header = Bytes(file, local, LocalLength, path);
        var offset = local + LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        return BinaryPrimitives.ReadUInt32LittleEndian(header) == LocalMark && offset <= length - packed ? new ZipEntry(name, method, packed, size, offset)
            : throw Damaged(path, $"entry '{name}' does not stand at {local}");
    }

    /// <summary>Sizes of more than 32 bits stand in a field of their own.</summary>
    private static void Widen(ReadOnlySpan<byte> extra, ref long size, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                return;
            }

            var field = extra.Slice(4, length);
            if (id == 1)
            {
                Take(ref size, ref field);
                Take(ref packed, ref field);
                Take(ref local, ref field);
                return;
            }

            extra = extra[(4 + length)..];
        }

        static void Take(ref long value, ref ReadOnlySpan<byte> field)
        {
            if (value == uint.MaxValue && field.Length >= 8)
            {
                value = BinaryPrimitives.ReadInt64LittleEndian(field);
                field = field[8..];
            }
        }
    }

    private static byte[] Bytes(SafeFileHandle file, long at, int count, string path)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), at + done);
            done += read > 0 ? read : throw Damaged(path, $"it ends where {count} bytes at {at} should follow");
        }

        return bytes;
    }

    private static ArrayFileException Damaged(string path, string found) => new($"{path} is a damaged .npz file: {found}.");
}
