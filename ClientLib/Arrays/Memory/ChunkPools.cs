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
    private const int AdviseNotNeeded = 4;

    private static readonly Lock s_gate = new();
    private static IIdleLimit[] s_limits = [];
    private static Func<long, long>[] s_shed = [];
    private static long s_idleBytes;
    private static int s_epoch;

    [ThreadStatic]
    private static long t_reusedBytes;

    static ChunkPools() => _ = new EachFullCollection();

    /// <summary>To drop what was returned before the given epoch.</summary>
    public static event Action<int>? Trimming;

    /// <summary>At most this much lies idle, less under a memory limit: a sixteenth of the memory there is, and 512 MB at most.</summary>
    public static long MostIdleBytes { get; } = Math.Min(1 << 29, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16);

    /// <summary>Counts full collections.</summary>
    public static int Epoch => Volatile.Read(ref s_epoch);

    /// <summary>How much lies idle.</summary>
    public static long IdleBytes => Volatile.Read(ref s_idleBytes);

    /// <summary>What this thread was lent that had been used before, and so was not allocated.</summary>
    public static long ReusedBytes => t_reusedBytes;

    /// <summary>Whether somebody works under a memory limit.</summary>
    public static bool IsLimited => Volatile.Read(ref s_limits).Length > 0;

    /// <summary>From now on, no more lies idle than a limit has room for.</summary>
    public static void Begin(IIdleLimit limit)
    {
        lock (s_gate)
        {
            s_limits = [.. s_limits, limit];
        }

        MakeRoom(0);
    }

    /// <summary>The limit is of no concern any more.</summary>
    public static void End(IIdleLimit limit)
    {
        lock (s_gate)
        {
            s_limits = Array.FindAll(s_limits, other => other != limit);
        }
    }

    /// <param name="shed">Gives so many idle bytes back, if there are; answers how many it gave.</param>
    public static void Add(Func<long, long> shed)
    {
        lock (s_gate)
        {
            s_shed = [.. s_shed, shed];
        }
    }

    /// <summary>Before memory is allocated under a limit: as much that lies idle gives way to it.</summary>
    public static void MakeRoom(long bytes)
    {
        var over = IdleBytes + bytes - MostIdleNow();
        foreach (var shed in Volatile.Read(ref s_shed))
        {
            if (over <= 0)
            {
                return;
            }

            over -= shed(over);
        }
    }

    /// <summary>Notes that this thread was lent what had been used before.</summary>
    public static void Reuse(long bytes, bool wasIdle = true)
    {
        t_reusedBytes += bytes;
        if (wasIdle)
        {
            AddIdle(-bytes);
        }
    }

    /// <returns>False, with nothing added, where that is too much.</returns>
    public static bool AddIdle(long bytes)
    {
        if (Interlocked.Add(ref s_idleBytes, bytes) <= MostIdleNow() || bytes < 0)
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

    /// <summary>Gives the pages of an array back whose elements nobody will look at again.</summary>
    /// <returns>False where there is no limit, or the system takes no pages: the array is the collector's.</returns>
    public static bool TryGiveBack(nuint address, nuint bytes)
    {
        if (!OperatingSystem.IsLinux() || !IsLimited)
        {
            return false;
        }

        // Only whole pages: others may begin and end where this one does.
        var page = (nuint)Environment.SystemPageSize;
        var (start, end) = ((address + page - 1) & ~(page - 1), (address + bytes) & ~(page - 1));
        return end <= start || Advise(start, end - start, AdviseNotNeeded) == 0;
    }

    private static long MostIdleNow()
    {
        var most = MostIdleBytes;
        foreach (var limit in Volatile.Read(ref s_limits))
        {
            most = Math.Min(most, limit.MostIdleBytes);
        }

        return most;
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
