using System.IO.Compression;

namespace Orleans.Dask.Files;

/// <summary>Arrays in a zip archive, as numpy.savez makes them.</summary>
internal static class NpzFile
{
    /// <summary>One array of an archive.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="name">With or without .npy; null where there is only one.</param>
    public static (NpyHeader Header, BlockReader Reader, bool IsPacked) Open(string path, string? name)
    {
        var entries = ZipIndex.Read(path);
        var found = name is null && entries.Count == 1 ? entries[0]
            : entries.Find(e => e.Name == name || e.Name == name + ".npy")
            ?? throw new ArrayFileException($"{path} holds {(name is null ? "several arrays" : $"no '{name}'")}. Name one of: {string.Join(", ", entries.Take(50).Select(e => Bare(e.Name)))}.");
        var label = $"{path} ({found.Name})";
        if (found.Method == 0)
        {
            using var file = File.OpenHandle(path);
            var header = NpyHeader.Read(file, found.Offset, found.Size, label);
            return (header, new FileRegion(path, found.Offset + header.DataOffset, header.Type, header.Shape, header.FortranOrder), false);
        }

        using var unpacked = Unpack(path, found);
        var start = new byte[(int)Math.Min(found.Size, 1 << 16)];
        try
        {
            var packed = NpyHeader.Read(start.AsSpan(0, unpacked.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)), label, found.Size);
            return (packed, new PackedNpyReader(path, found, packed), true);
        }
        catch (InvalidDataException e)
        {
            throw new ArrayFileException($"{label} does not unpack: {e.Message}", e);
        }
    }

    public static IReadOnlyList<string> Names(string path) => [.. ZipIndex.Read(path).Select(e => Bare(e.Name))];

    /// <summary>Packs .npy files into an archive, uncompressed, so that readers can map them.</summary>
    public static void Pack(string path, IEnumerable<(string Name, string File)> parts)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        foreach (var (name, part) in parts)
        {
            using var to = zip.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
            using var from = File.OpenRead(part);
            from.CopyTo(to);
        }
    }

    internal static DeflateStream Unpack(string path, ZipEntry entry)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read) { Position = entry.Offset };
        return new DeflateStream(file, CompressionMode.Decompress);
    }

    private static string Bare(string name) => name.EndsWith(".npy", StringComparison.Ordinal) ? name[..^4] : name;
}

/// <summary>A compressed .npy file of an archive. It can only be read from its front, so it is one chunk.</summary>
internal sealed class PackedNpyReader(string path, ZipEntry entry, NpyHeader header) : BlockReader
{
    public override unsafe NDArray Read(long[] origin, int[] shape)
    {
        try
        {
            using var unpacked = NpzFile.Unpack(path, entry);
            var bytes = new byte[checked(header.Count * header.Type.Size)];
            Skip(unpacked, header.DataOffset);
            unpacked.ReadExactly(bytes);
            fixed (byte* first = bytes)
            {
                return StoredElements.Read(header.Type, first, StoredElements.Steps(header.Shape, header.FortranOrder), shape);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ArrayFileException($"{path} ({entry.Name}) does not unpack to the {entry.Size} bytes that its directory names: {e.Message}", e);
        }
    }

    private static void Skip(Stream stream, int count) => stream.ReadExactly(new byte[count]);
}
