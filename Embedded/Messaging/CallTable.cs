using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Calls waiting for answers, found by number. Striped, so that callers on different threads rarely meet; deadlines are looked at
/// by one sweep for all calls, so that a call costs no timer.
/// </summary>
internal sealed class CallTable
{
    private const int StripeBits = 4;
    private const int IndexBits = 24;
    private const int StripeCount = 1 << StripeBits;
    private const int IndexMask = (1 << IndexBits) - 1;

    private readonly Stripe[] _stripes = new Stripe[StripeCount];

    private readonly int _max;
    private int _room;

    /// <param name="max">Calls that may wait at once, to within a factor of two: looked at only where the table must grow.</param>
    public CallTable(int max)
    {
        _max = max;
        for (var i = 0; i < _stripes.Length; i++)
        {
            _stripes[i] = new Stripe(this, i);
        }
    }

    public int Count => _stripes.Sum(stripe => stripe.Count);

    public void Add(PendingCall call)
    {
        // Each thread to its own stripe; where the table may not grow, to any that has room, since earlier calls of one thread may have made the most of it.
        var own = Environment.CurrentManagedThreadId;
        for (var i = 0; i < StripeCount; i++)
        {
            if (_stripes[(own + i) & (StripeCount - 1)].TryAdd(call))
            {
                return;
            }
        }

        throw new OrleansMessageRejectionException(
            $"As many calls wait for answers as may at once: {_max}. Await some before making more, or raise ConnectionOptions.MaxPendingCalls.");
    }

    /// <returns>The call with this number if it still waits.</returns>
    public PendingCall? Find(long id) => StripeOf(id).Find(id);

    public PendingCall? Remove(long id) => StripeOf(id).Remove(id);

    /// <summary>Calls that waited past <paramref name="now"/>, or that <paramref name="also"/> picks. They stay until removed.</summary>
    public List<PendingCall> Overdue(long now, Func<PendingCall, bool>? also = null)
    {
        var found = new List<PendingCall>();
        foreach (var stripe in _stripes)
        {
            stripe.Collect(now, also, found);
        }

        return found;
    }

    private Stripe StripeOf(long id) => _stripes[(int)((uint)id & (StripeCount - 1))];

    private bool MayGrow(int by)
    {
        if (Interlocked.Add(ref _room, by) <= _max)
        {
            return true;
        }

        Interlocked.Add(ref _room, -by);
        return false;
    }

    private sealed class Stripe(CallTable table, int number)
    {
        private readonly Lock _lock = new();
        private PendingCall?[] _slots = [];
        private int[] _lives = [];
        private int[] _free = [];
        private int _freeCount;

        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _slots.Length - _freeCount;
                }
            }
        }

        public bool TryAdd(PendingCall call)
        {
            lock (_lock)
            {
                if (_freeCount == 0 && !TryGrow())
                {
                    return false;
                }

                var index = _free[--_freeCount];
                _slots[index] = call;
                // A number is never used again: the slot's life is part of it, so a late answer finds nobody.
                call.Id = ((long)_lives[index] << (IndexBits + StripeBits)) | ((long)index << StripeBits) | (uint)number;
                return true;
            }
        }

        public PendingCall? Find(long id)
        {
            lock (_lock)
            {
                return IndexOf(id) is { } index ? _slots[index] : null;
            }
        }

        public PendingCall? Remove(long id)
        {
            lock (_lock)
            {
                if (IndexOf(id) is not { } index)
                {
                    return null;
                }

                var call = _slots[index];
                _slots[index] = null;
                _lives[index]++;
                _free[_freeCount++] = index;
                return call;
            }
        }

        public void Collect(long now, Func<PendingCall, bool>? also, List<PendingCall> found)
        {
            lock (_lock)
            {
                foreach (var call in _slots)
                {
                    if (call is not null && (call.Deadline <= now || also is not null && also(call)))
                    {
                        found.Add(call);
                    }
                }
            }
        }

        private int? IndexOf(long id)
        {
            var index = (int)(id >> StripeBits) & IndexMask;
            return index < _slots.Length && _slots[index] is { } call && call.Id == id ? index : null;
        }

        private bool TryGrow()
        {
            var before = _slots.Length;
            var size = Math.Max(16, before * 2);
            if (!table.MayGrow(size - before))
            {
                return false;
            }

            Array.Resize(ref _slots, size);
            Array.Resize(ref _lives, size);
            Array.Resize(ref _free, size);
            for (var i = size - 1; i >= before; i--)
            {
                _lives[i] = 1;
                _free[_freeCount++] = i;
            }

            return true;
        }
    }
}
