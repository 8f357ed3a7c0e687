using Orleans.Dask.Arrays;

namespace Orleans.Dask.Spilling;

/// <summary>What all graphs of a scheduler hold in memory together, and the most they may.</summary>
/// <param name="limit">In bytes.</param>
internal sealed class MemoryBudget(long limit) : IIdleLimit
{
    private readonly Lock _gate = new();
    private long _held;
    private long _reserved;
    private long _peak;
    private long _spilled;
    private int _runs;
    private int _version;
    private WeakReference<KeptValues>[] _kept = [];

    public long Limit => limit;

    /// <summary>
    /// Bytes not spoken for; below zero where one task alone wants more than the limit. A sixteenth is kept back for what is not
    /// foreseen: the first task of each function, small values.
    /// </summary>
    public long Free => limit - (limit / 16) - Volatile.Read(ref _held) - Volatile.Read(ref _reserved);

    /// <summary>Bytes of values and running tasks at this moment.</summary>
    public long Held => Volatile.Read(ref _held) + Volatile.Read(ref _reserved);

    /// <summary>The most bytes of values and running tasks there have been at once.</summary>
    public long Peak => Volatile.Read(ref _peak);

    /// <summary>Bytes written to the disk by the runs that have ended.</summary>
    public long Spilled => Volatile.Read(ref _spilled);

    /// <summary>Counts whenever there may be more room than before.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <inheritdoc/>
    public long MostIdleBytes => Math.Max(0, limit - Volatile.Read(ref _held));

    /// <summary>Persisted values that count too, the oldest first.</summary>
    public IEnumerable<KeptValues> Kept
    {
        get
        {
            foreach (var reference in Volatile.Read(ref _kept))
            {
                if (reference.TryGetTarget(out var kept))
                {
                    yield return kept;
                }
            }
        }
    }

    public void Add(KeptValues kept)
    {
        lock (_gate)
        {
            _kept = [.. _kept.Where(reference => reference.TryGetTarget(out _)), new WeakReference<KeptValues>(kept)];
        }
    }

    /// <summary>Bytes were written besides those that a run tells of when it ends.</summary>
    public void AddSpilled(long bytes) => Interlocked.Add(ref _spilled, bytes);

    /// <summary>A run begins; while there are any, memory that lies idle counts too.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_runs++ == 0)
            {
                ChunkPools.Begin(this);
            }
        }
    }

    public void End(long written)
    {
        AddSpilled(written);
        lock (_gate)
        {
            if (--_runs == 0)
            {
                ChunkPools.End(this);
            }
        }
    }

    /// <summary>Values came (or, below zero, went), and tasks spoke for memory (or, below zero, have it or need it no more).</summary>
    public void Change(long held, long reserved)
    {
        lock (_gate)
        {
            _held += held;
            _reserved += reserved;
            _peak = Math.Max(_peak, _held + _reserved);
            _version += held + reserved < 0 ? 1 : 0;
        }
    }
}
