using System.Runtime.InteropServices;

namespace Orleans.Dask.Files;

/// <summary>The system's libzstd.</summary>
internal static unsafe partial class Zstd
{
    private const string Library = "libzstd.so.1";

    public static bool IsFound { get; } = NativeLibrary.TryLoad(Library, typeof(Zstd).Assembly, null, out _);

    /// <summary>Bytes that a frame unpacks to, where it says so.</summary>
    public static long? Size(ReadOnlySpan<byte> packed, string file)
    {
        Require(file);
        fixed (byte* source = packed)
        {
            return ZSTD_getFrameContentSize(source, (nuint)packed.Length) switch
            {
                ulong.MaxValue => null,
                ulong.MaxValue - 1 => throw new ArrayFileException($"{file}: {packed.Length} bytes are no zstd frame. The file is cut off or damaged."),
                var size => size > long.MaxValue ? long.MaxValue : (long)size,
            };
        }
    }

    public static void Decompress(ReadOnlySpan<byte> packed, Span<byte> plain, string file)
    {
        Require(file);
        fixed (byte* target = plain, source = packed)
        {
            var written = ZSTD_decompress(target, (nuint)plain.Length, source, (nuint)packed.Length);
            if (ZSTD_isError(written) != 0 || written != (nuint)plain.Length)
            {
                throw new ArrayFileException($"{file}: does not unpack to the {plain.Length} bytes of its chunk (zstd: {Reason(written)}).");
            }
        }
    }

    public static byte[] Compress(ReadOnlySpan<byte> plain, int level, string file)
    {
        Require(file);
        var packed = new byte[checked((int)ZSTD_compressBound((nuint)plain.Length))];
        fixed (byte* target = packed, source = plain)
        {
            var written = ZSTD_compress(target, (nuint)packed.Length, source, (nuint)plain.Length, level);
            return ZSTD_isError(written) == 0 ? packed[..(int)written]
                : throw new ArrayFileException($"{file}: zstd could not compress {plain.Length} bytes: {Reason(written)}.");
        }
    }

    private static void Require(string file)
    {
        if (!IsFound)
        {
            throw new ArrayFileException($"{file}: zstd needs {Library}, which was not found. Install it (on Debian: libzstd1), or choose gzip.");
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
    private static partial ulong ZSTD_getFrameContentSize(byte* source, nuint sourceSize);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint code);
}
