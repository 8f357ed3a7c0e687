namespace Orleans.Dask.Grains.Scheduling;

/// <summary>How long a function's tasks run, by what was seen lately: a weighted mean per function that forgets.</summary>
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

        var seen = (int)Math.Clamp(ticks, LeastTicks, int.MaxValue / 8);
        if (!_ticks.TryGetValue(function, out var mean))
        {
            _ticks[function] = seen;
        }
        else
        {
            // Down fast, up slowly: a first run compiles, and a run that lost its core for a while says nothing of the next.
            _ticks[function] = seen <= mean ? (mean + seen) / 2 : mean + ((Math.Min(seen, 4 * mean) - mean + 3) / 4);
        }
    }
}
