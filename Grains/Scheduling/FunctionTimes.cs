namespace Orleans.Dask.Grains.Scheduling;

/// <summary>How long a function's tasks run, by what was seen lately: an exponentially weighted mean per function.</summary>
internal sealed class FunctionTimes
{
    /// <summary>What a task of a function that has never run is taken for: 0.5 s, so that nothing piles up behind it.</summary>
    public const int UnknownTicks = 5_000_000;

    /// <summary>What handing out and taking back costs at least, 5 µs: a task of no work is not for free.</summary>
    public const int LeastTicks = 50;

    private readonly Dictionary<int, int> _ticks = [];

    public bool IsKnown(int function) => function <= 0 || _ticks.ContainsKey(function);

    public int Cost(int function) => function <= 0 ? LeastTicks : _ticks.GetValueOrDefault(function, UnknownTicks);

    public void Ran(int function, long ticks)
    {
        if (function <= 0)
        {
            return;
        }

        var seen = (int)Math.Clamp(ticks, LeastTicks, int.MaxValue / 2);
        _ticks[function] = _ticks.TryGetValue(function, out var mean) ? (int)(((long)mean + seen) / 2) : seen;
    }
}
