using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Files;

/// <summary>Codecs of chunk files. What comes out has a size known beforehand; anything else is an error, so nothing can swell.</summary>
internal static class Compression
{
    /// <summary>Unpacks into exactly <paramref name="size"/> bytes.</summary>
    public static byte[] Decompress(string codec, byte[] packed, int size, string file)
    {
        switch (codec)
        {
            case "gzip":
                return Inflate(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress), size, file);
            case "zlib":
                return Inflate(new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress), size, file);
            case "zstd":
                return Zstd.Decompress(packed, size, file);
            default:
                throw Unknown(codec, file);
        }
    }

    public static byte[] Compress(string codec, ReadOnlySpan<byte> plain, int level, string file)
    {
        if (codec == "zstd")
        {
            return Zstd.Compress(plain, level);
        }

        var packed = new MemoryStream();
        var how = level <= 3 ? CompressionLevel.Fastest : level <= 7 ? CompressionLevel.Optimal : CompressionLevel.SmallestSize;
        using (Stream stream = codec switch
        {
            "gzip" => new GZipStream(packed, how, leaveOpen: true),
            "zlib" => new ZLibStream(packed, how, leaveOpen: true),
            _ => throw Unknown(codec, file),
        })
        {
            stream.Write(plain);
        }

        return packed.ToArray();
    }

    private static ArrayFileException Unknown(string codec, string file) =>
        new($"{file}: compressed with '{codec}', which is not read. Expected none, gzip, zlib or zstd.");

    private static byte[] Inflate(Stream stream, int size, string file)
    {
        using (stream)
        {
            var plain = new byte[size];
            try
            {
                stream.ReadExactly(plain);
                return stream.ReadByte() < 0 ? plain
                    : throw new ArrayFileException($"{file}: unpacks to more than the {size} bytes of its chunk.");
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw new ArrayFileException($"{file}: does not unpack to the {size} bytes of its chunk: {e.Message}", e);
            }
        }
    }
}

/// <summary>The system's libzstd.</summary>
internal static unsafe partial class Zstd
{
    private const string Library = "libzstd.so.1";

    public static bool IsFound { get; } = NativeLibrary.TryLoad(Library, typeof(Zstd).Assembly, null, out _);

    public static byte[] Decompress(ReadOnlySpan<byte> packed, int size, string file)
    {
        Require(file);
        var plain = new byte[size];
        fixed (byte* target = plain, source = packed)
        {
            var written = ZSTD_decompress(target, (nuint)size, source, (nuint)packed.Length);
            return ZSTD_isError(written) == 0 && written == (nuint)size ? plain
                : throw new ArrayFileException($"{file}: does not unpack to the {size} bytes of its chunk (zstd: {Reason(written)}).");
        }
    }

    public static byte[] Compress(ReadOnlySpan<byte> plain, int level)
    {
        Require("this chunk");
        var packed = new byte[checked((int)ZSTD_compressBound((nuint)plain.Length))];
        fixed (byte* target = packed, source = plain)
        {
            var written = ZSTD_compress(target, (nuint)packed.Length, source, (nuint)plain.Length, level);
            return ZSTD_isError(written) == 0 ? packed[..(int)written]
                : throw new ArrayFileException($"zstd could not compress {plain.Length} bytes: {Reason(written)}.");
        }
    }

    private static void Require(string file)
    {
        if (!IsFound)
        {
            throw new ArrayFileException($"{file}: zstd needs {Library}, which was not found. Install libzstd1, or choose gzip.");
        }
    }

    private static string Reason(nuint code) => ZSTD_isError(code) == 0 ? $"{code} bytes" : Marshal.PtrToStringUTF8(ZSTD_getErrorName(code)) ?? "unknown error";

    [LibraryImport(Library)]
    private static partial nuint ZSTD_decompress(byte* target, nuint targetSize, byte* source, nuint sourceSize);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_compress(byte* target, nuint targetSize, byte* source, nuint sourceSize, int level);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_compressBound(nuint size);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint code);
}
