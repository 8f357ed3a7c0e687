using System.Runtime.InteropServices;

namespace Orleans.Dask.Arrays;

/// <summary>What the pools of all element types share: their bounds, and when they give memory back.</summary>
internal static partial class ChunkPools
{
    /// <summary>Smaller arrays are cheap to allocate and to collect.</summary>
    public const int LeastBytes = 1 << 16;

    /// <summary>A cache line, and a vector of 512 bits.</summary>
    public const int Alignment = 64;

    private const nuint LargePage = 1 << 21;
    private const int AdviseLargePages = 14;

    private static long s_idleBytes;
    private static int s_epoch;

    static ChunkPools() => _ = new EachFullCollection();

    /// <summary>To drop what was returned before the given epoch.</summary>
    public static event Action<int>? Trimming;

    /// <summary>At most this much lies idle: a sixteenth of the memory there is, and 512 MB at most.</summary>
    public static long MostIdleBytes { get; } = Math.Min(1 << 29, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16);

    /// <summary>Counts full collections.</summary>
    public static int Epoch => Volatile.Read(ref s_epoch);

    /// <summary>How much lies idle.</summary>
    public static long IdleBytes => Volatile.Read(ref s_idleBytes);

    /// <returns>False, with nothing added, where that is too much.</returns>
    public static bool AddIdle(long bytes)
    {
        if (Interlocked.Add(ref s_idleBytes, bytes) <= MostIdleBytes || bytes < 0)
        {
            return true;
        }

        Interlocked.Add(ref s_idleBytes, -bytes);
        return false;
    }

    /// <summary>Asks for large pages, before memory is touched. A hint: whatever the system answers is right.</summary>
    public static void Prepare(nuint address, nuint bytes)
    {
        if (OperatingSystem.IsLinux() && bytes >= LargePage)
        {
            // Also the page that the array begins in and the one it ends in: its neighbours there are likely chunks too.
            var start = address & ~(LargePage - 1);
            _ = Advise(start, ((address + bytes + LargePage - 1) & ~(LargePage - 1)) - start, AdviseLargePages);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);

    /// <summary>Nobody refers to it, so every collection finds it; finalized once, it is old and only full ones do.</summary>
    private sealed class EachFullCollection
    {
        ~EachFullCollection()
        {
            if (!Environment.HasShutdownStarted)
            {
                Trimming?.Invoke(Interlocked.Increment(ref s_epoch) - 1);
                GC.ReRegisterForFinalize(this);
            }
        }
    }
}
