namespace Orleans.Dask;

/// <summary>
/// Ready tasks of one thread. Its owner pushes and pops at the bottom, newest first, which keeps it within what it began;
/// other threads steal from the top, oldest first, which takes them farthest away from it.
/// </summary>
/// <remarks>
/// After Chase and Lev, "Dynamic circular work-stealing deque" (2005): no lock; owner and thieves meet only at the last element,
/// where a compare-and-swap of the top decides.
/// </remarks>
internal sealed class WorkDeque
{
    private int[] _items = new int[64];
    private int _top;
    private int _bottom;

    /// <summary>Whether there was anything a moment ago.</summary>
    public bool IsEmpty => Volatile.Read(ref _bottom) - Volatile.Read(ref _top) <= 0;

    /// <summary>By the owner alone.</summary>
    public void Push(int item)
    {
        var bottom = _bottom;
        var top = Volatile.Read(ref _top);
        if (bottom - top >= _items.Length)
        {
            Grow(top, bottom);
        }

        _items[bottom & (_items.Length - 1)] = item;
        Volatile.Write(ref _bottom, bottom + 1);
    }

    /// <summary>By the owner alone.</summary>
    public bool TryPop(out int item)
    {
        var bottom = _bottom - 1;
        if (bottom - Volatile.Read(ref _top) < 0)
        {
            item = 0;
            return false;
        }

        _bottom = bottom;
        // The new bottom must be seen before the top is read, or a thief and we could both take the last one.
        Interlocked.MemoryBarrier();
        var top = _top;
        item = _items[bottom & (_items.Length - 1)];
        if (top - bottom < 0)
        {
            return true;
        }

        var isOurs = top == bottom && Interlocked.CompareExchange(ref _top, top + 1, top) == top;
        Volatile.Write(ref _bottom, bottom + 1);
        return isOurs;
    }

    /// <summary>By anyone. May fail when another thread was faster, though something is left.</summary>
    public bool TrySteal(out int item)
    {
        var top = Volatile.Read(ref _top);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _bottom) - top <= 0)
        {
            item = 0;
            return false;
        }

        var items = Volatile.Read(ref _items);
        item = items[top & (items.Length - 1)];
        return Interlocked.CompareExchange(ref _top, top + 1, top) == top;
    }

    private void Grow(int top, int bottom)
    {
        var items = new int[_items.Length * 2];
        for (var i = top; i != bottom; i++)
        {
            items[i & (items.Length - 1)] = _items[i & (_items.Length - 1)];
        }

        // A thief with the old array still reads the same items: they stay there.
        Volatile.Write(ref _items, items);
    }
}
