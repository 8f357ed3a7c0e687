using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Memory of chunks, used again for chunks of the same length. Fresh memory is paid for a page at a time, when it is first
/// written: that costs several times what writing it costs.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Arrays never move and begin on a cache line, so vectors never straddle two of them.</item>
/// <item>On Linux they ask for pages of 2 MB: 8 MB are then 4 pages to provide and to look up instead of 2,000.</item>
/// <item>A lease that is never let go costs nothing: its array is an array, and the collector's business.</item>
/// <item>Under a memory limit (<see cref="IIdleLimit"/>) what lies idle keeps its place and gives its pages back.</item>
/// <item>What lies idle is bounded (<see cref="ChunkPools.MostIdleBytes"/>), and goes when two full collections pass without a use.</item>
/// </list>
/// </remarks>
internal static class ChunkPool<T>
    where T : unmanaged
{
    private static readonly ConcurrentDictionary<int, ConcurrentStack<Idle>> s_idle = new();

    // Under a memory limit: arrays whose pages are the system's until they are touched again. Given to the collector instead, they
    // would be its to keep, and it keeps a multiple of what is in use.
    private static readonly ConcurrentDictionary<int, ConcurrentStack<Idle>> s_cold = new();

    static ChunkPool()
    {
        ChunkPools.Trimming += Trim;
        ChunkPools.Add(Shed);
    }

    /// <summary>Room for a chunk, its elements as they happen to be; null where it is too small to be worth it.</summary>
    public static unsafe ChunkLease<T>? TryRent(int elements)
    {
        if ((long)elements * sizeof(T) < ChunkPools.LeastBytes)
        {
            return null;
        }

        if (s_idle.TryGetValue(elements, out var stack) && stack.TryPop(out var idle))
        {
            ChunkPools.Reuse(Bytes(elements));
            return new ChunkLease<T>(idle.Array, idle.Start);
        }

        if (elements > Array.MaxLength - Slack)
        {
            return null;
        }

        if (ChunkPools.IsLimited)
        {
            ChunkPools.MakeRoom(Bytes(elements));
        }

        if (s_cold.TryGetValue(elements, out stack) && stack.TryPop(out idle))
        {
            ChunkPools.Reuse(Bytes(elements), wasIdle: false);
            return new ChunkLease<T>(idle.Array, idle.Start);
        }

        var array = GC.AllocateUninitializedArray<T>(elements + Slack, pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref array[0]);
        ChunkPools.Prepare(address, (nuint)array.Length * (nuint)sizeof(T));
        var start = (int)(((nuint)ChunkPools.Alignment - (address % ChunkPools.Alignment)) % ChunkPools.Alignment) / sizeof(T);
        return new ChunkLease<T>(array, start);
    }

    /// <summary>Takes back what nobody has any more.</summary>
    public static void Return(ChunkLease<T> lease)
    {
        var elements = lease.Array.Length - Slack;
        var idle = new Idle(lease.Array, lease.Start, ChunkPools.Epoch);
        if (ChunkPools.AddIdle(Bytes(elements)))
        {
            s_idle.GetOrAdd(elements, static _ => new()).Push(idle);
        }
        else
        {
            Cool(elements, idle);
        }
    }

    /// <summary>Room for chunks that differ a little in length: one that fits a sixteenth more of them.</summary>
    public static int Rounded(int elements)
    {
        var step = (int)(BitOperations.RoundUpToPowerOf2((uint)elements) / 32);
        return step == 0 ? elements : (int)Math.Min(Array.MaxLength, ((long)elements + step - 1) / step * step);
    }

    private static long Shed(long bytes)
    {
        var shed = 0L;
        foreach (var (elements, stack) in s_idle)
        {
            while (shed < bytes && stack.TryPop(out var idle))
            {
                ChunkPools.AddIdle(-Bytes(elements));
                Cool(elements, idle);
                shed += Bytes(elements);
            }
        }

        return shed;
    }

    private static unsafe void Cool(int elements, Idle idle)
    {
        if (ChunkPools.TryGiveBack((nuint)Unsafe.AsPointer(ref idle.Array[0]), (nuint)idle.Array.Length * (nuint)sizeof(T)))
        {
            s_cold.GetOrAdd(elements, static _ => new()).Push(idle);
        }
    }

    private static void Trim(int oldest)
    {
        if (ChunkPools.IsLimited)
        {
            // It has its bounds, and collections come more often.
            return;
        }

        foreach (var (elements, stack) in s_idle)
        {
            ChunkPools.AddIdle(-Bytes(elements) * Trim(stack, oldest));
        }

        foreach (var stack in s_cold.Values)
        {
            Trim(stack, oldest);
        }
    }

    /// <returns>How many have gone.</returns>
    private static int Trim(ConcurrentStack<Idle> stack, int oldest)
    {
        var gone = 0;

        // Those used last lie on top.
        var young = new Stack<Idle>();
        while (stack.TryPop(out var idle))
        {
            if (idle.Epoch < oldest)
            {
                gone++;
            }
            else
            {
                young.Push(idle);
            }
        }

        foreach (var idle in young)
        {
            stack.Push(idle);
        }

        return gone;
    }

    private static unsafe int Slack => ChunkPools.Alignment / sizeof(T);

    private static unsafe long Bytes(int elements) => (long)elements * sizeof(T);

    private sealed record Idle(T[] Array, int Start, int Epoch);
}
