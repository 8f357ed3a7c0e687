using System.Buffers.Binary;
using System.IO.Compression;

namespace Orleans.Dask.Files;

/// <summary>Codecs of chunk files. What comes out has a size known beforehand; anything else is an error, so nothing can swell.</summary>
internal static class Compression
{
    private static readonly string[] s_codecs = ["gzip", "zlib", "zstd", "blosc"];

    /// <summary>Bytes that a chunk of some length can have when packed: a codec that can't pack adds a little.</summary>
    public static long Most(long plain) => plain + (plain / 8) + 65_536;

    /// <summary>Before room is made: whether packed bytes can be that many when unpacked, as far as they tell.</summary>
    public static void CheckSize(string? codec, ReadOnlySpan<byte> packed, int plain, string file)
    {
        var said = codec switch
        {
            // Deflate packs at most 1032 bytes into one.
            "gzip" or "zlib" when packed.Length * 1032L < plain => packed.Length * 1032L,
            "zstd" => Zstd.Size(packed, file) ?? plain,
            "blosc" => packed.Length >= 16 ? BinaryPrimitives.ReadUInt32LittleEndian(packed[4..]) : 0,
            _ => plain,
        };
        if (said != plain)
        {
            throw new ArrayFileException($"{file}: {packed.Length} bytes of {codec} unpack to {(codec is "gzip" or "zlib" ? "at most " : "")}{said} bytes, but the chunk has {plain}. The file is damaged.");
        }
    }

    /// <summary>The name of a codec that is read, or null for none.</summary>
    public static string? Known(string? codec, string file) => codec is null || s_codecs.Contains(codec) ? codec : throw Unknown(codec, file);

    /// <summary>Fills <paramref name="plain"/>, to the byte.</summary>
    public static void Decompress(string codec, ArraySegment<byte> packed, Span<byte> plain, string file)
    {
        switch (codec)
        {
            case "gzip":
                Inflate(new GZipStream(Open(packed), CompressionMode.Decompress), plain, file);
                break;
            case "zlib":
                Inflate(new ZLibStream(Open(packed), CompressionMode.Decompress), plain, file);
                break;
            case "zstd":
                Zstd.Decompress(packed, plain, file);
                break;
            case "blosc":
                Blosc.Decompress(packed, plain, file);
                break;
            default:
                throw Unknown(codec, file);
        }
    }

    public static byte[] Compress(string codec, ReadOnlySpan<byte> plain, int level, string file)
    {
        if (codec == "zstd")
        {
            return Zstd.Compress(plain, level, file);
        }

        var packed = new MemoryStream();
        var how = level <= 3 ? CompressionLevel.Fastest : level <= 7 ? CompressionLevel.Optimal : CompressionLevel.SmallestSize;
        using (Stream stream = codec switch
        {
            "gzip" => new GZipStream(packed, how, leaveOpen: true),
            "zlib" => new ZLibStream(packed, how, leaveOpen: true),
            _ => throw new ArrayFileException($"{file}: codec '{codec}' is not written. Pass gzip, zlib (version 2), zstd or null."),
        })
        {
            stream.Write(plain);
        }

        return packed.ToArray();
    }

    private static MemoryStream Open(ArraySegment<byte> packed) => new(packed.Array!, packed.Offset, packed.Count, writable: false);

    private static ArrayFileException Unknown(string codec, string file) =>
        new($"{file}: compressed with '{(codec.Length > 40 ? codec[..40] + "…" : codec)}', which is not read. Expected none, gzip, zlib, zstd or blosc.");

    private static void Inflate(Stream stream, Span<byte> plain, string file)
    {
        using (stream)
        {
            try
            {
                stream.ReadExactly(plain);
                if (stream.ReadByte() >= 0)
                {
                    throw new ArrayFileException($"{file}: unpacks to more than the {plain.Length} bytes of its chunk.");
                }
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw new ArrayFileException($"{file}: does not unpack to the {plain.Length} bytes of its chunk: {e.Message}", e);
            }
        }
    }
}
