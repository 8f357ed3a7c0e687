using System.Runtime.InteropServices;

namespace Orleans.Dask.Arrays;

/// <summary>
/// The tile buffers of one thread, kept from one evaluation to the next. Aligned to cache lines: vector loops over
/// unaligned buffers take up to three times as long.
/// </summary>
internal sealed unsafe class TileArena
{
    [ThreadStatic]
    private static TileArena? s_current;

    private byte* _memory;
    private nuint _bytes;

    ~TileArena() => NativeMemory.AlignedFree(_memory);

    /// <summary>Takes the thread's arena; an evaluation inside an evaluation gets one of its own.</summary>
    public static TileArena Rent()
    {
        var arena = s_current ?? new TileArena();
        s_current = null;
        return arena;
    }

    public static void Return(TileArena arena) => s_current = arena;

    public byte* Room(int bytes)
    {
        if (_bytes < (nuint)bytes)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
            _bytes = (nuint)bytes;
        }

        return _memory;
    }
}
