using Orleans.Dask.Grains.Execution;

namespace Orleans.Dask.Grains.Storage;

/// <summary>
/// Gives memory back to the machine once much of it was let go and the silo has nothing to do: the runtime collects when somebody
/// allocates, so an idle silo would sit on the garbage of a large graph for hours.
/// </summary>
internal sealed class MemoryReturn(IExecutor executor)
{
    /// <summary>Worth the trouble from here on.</summary>
    private const long Worthwhile = 32 << 20;

    /// <summary>
    /// What lives on a heap that is compacted while everything stands still, at most: some 0.2 s of it, at a time when nobody waits. On a
    /// larger one the pause could be taken for the silo's death, so it is collected beside the work, and its holes stay.
    /// </summary>
    private const long Light = 512 << 20;

    private long _released;
    private long _seen;
    private int _awake;

    /// <summary>Called when there is something to give back: <see cref="Look"/> is to be called a second later.</summary>
    public Action? Wake { get; set; }

    /// <summary>How often memory was given back.</summary>
    public int Times { get; private set; }

    /// <summary>Whether a heap of so many bytes, so many of them garbage, may be compacted in one pause.</summary>
    public static bool IsLight(long heap, long garbage) => heap - garbage <= Light;

    /// <summary>So many bytes of objects are garbage now, roughly.</summary>
    public void Released(long bytes)
    {
        if (Interlocked.Add(ref _released, bytes) >= Worthwhile && Volatile.Read(ref _awake) == 0 && Interlocked.Exchange(ref _awake, 1) == 0)
        {
            Wake?.Invoke();
        }
    }

    /// <summary>A second has passed since the last look, or since it was woken.</summary>
    /// <param name="isIdle">Nobody would notice a pause.</param>
    /// <returns>Whether to look again a second from now.</returns>
    public bool Look(bool isIdle)
    {
        if (Volatile.Read(ref _awake) == 0)
        {
            return false;
        }

        var released = Interlocked.Read(ref _released);
        var stillReleasing = released != _seen;
        _seen = released;
        if (!isIdle || stillReleasing)
        {
            return true;
        }

        (_seen, Times) = (0, Times + 1);
        Interlocked.Add(ref _released, -released);
        Volatile.Write(ref _awake, 0);
        executor.PostAside(new ActionWork(() => Collect(released)));
        return false;
    }

    private static void Collect(long garbage)
    {
        if (IsLight(GC.GetTotalMemory(forceFullCollection: false), garbage))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        else
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }
    }
}
