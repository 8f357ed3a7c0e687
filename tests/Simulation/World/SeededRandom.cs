namespace Orleans.Dask.Simulation.World;

/// <summary>SplitMix64: the same numbers from the same seed on every machine and runtime.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator of its own for some purpose, so that what one draws does not shift what another gets.</summary>
    public static SeededRandom For(long seed, string purpose)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in purpose)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        var mixed = new SeededRandom(hash ^ ((ulong)seed * 0x9E3779B97F4A7C15UL));
        mixed.Next();
        return mixed;
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>From 0, below <paramref name="limit"/>.</summary>
    public int Next(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    public int Next(int from, int below) => from + Next(below - from);

    /// <summary>From 0, below 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>Mostly near <paramref name="least"/>, now and then near <paramref name="most"/>.</summary>
    public TimeSpan Span(TimeSpan least, TimeSpan most)
    {
        var u = NextDouble();
        return least + ((most - least) * u * u * u);
    }
}
