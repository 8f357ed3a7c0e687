namespace Orleans.Dask.Benchmarks;

/// <summary>
/// The functions of the no-op tasks, and how often they were called in this process. Each thread counts on its own:
/// one counter for all would be what is measured.
/// </summary>
public static class CountedCalls
{
    private static readonly List<Counter> s_counters = [];

    [ThreadStatic]
    private static Counter? t_counter;

    /// <summary>Calls since <see cref="Reset"/>, on all threads.</summary>
    public static long Total
    {
        get
        {
            lock (s_counters)
            {
                return s_counters.Sum(counter => counter.Calls);
            }
        }
    }

    public static int Inc(int value)
    {
        Count();
        return value + 1;
    }

    public static int Add(int left, int right)
    {
        Count();
        return left + right;
    }

    /// <summary>While nothing runs.</summary>
    public static void Reset()
    {
        lock (s_counters)
        {
            s_counters.ForEach(counter => counter.Calls = 0);
        }
    }

    private static void Count() => (t_counter ?? Register()).Calls++;

    private static Counter Register()
    {
        var counter = new Counter();
        lock (s_counters)
        {
            s_counters.Add(counter);
        }

        return t_counter = counter;
    }

    private sealed class Counter
    {
        public long Calls;
    }
}
