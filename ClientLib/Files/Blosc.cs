using System.Runtime.InteropServices;

namespace Orleans.Dask.Files;

/// <summary>The system's libblosc: what Zarr 2 for Python packs with unless told otherwise. Only read.</summary>
internal static unsafe partial class Blosc
{
    private const string Library = "libblosc.so.1";

    public static bool IsFound { get; } = NativeLibrary.TryLoad(Library, typeof(Blosc).Assembly, null, out _);

    public static void Decompress(ReadOnlySpan<byte> packed, Span<byte> plain, string file)
    {
        if (!IsFound)
        {
            throw new ArrayFileException($"{file}: blosc needs {Library}, which was not found. Install it (on Debian: libblosc1), or have the array written with gzip or zstd.");
        }

        fixed (byte* target = plain, source = packed)
        {
            if (blosc_cbuffer_validate(source, (nuint)packed.Length, out var size) < 0 || size != (nuint)plain.Length
                || blosc_decompress_ctx(source, target, (nuint)plain.Length, 1) != plain.Length)
            {
                throw new ArrayFileException($"{file}: does not unpack to the {plain.Length} bytes of its chunk (blosc says {size}).");
            }
        }
    }

    [LibraryImport(Library)]
    private static partial int blosc_cbuffer_validate(byte* packed, nuint length, out nuint plainLength);

    [LibraryImport(Library)]
    private static partial int blosc_decompress_ctx(byte* source, byte* target, nuint targetSize, int threads);
}
