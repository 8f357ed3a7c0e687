using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>What tasks do. Each mixes what it is given, so that any mistake changes the answer.</summary>
internal static class TaskFunctions
{
    public static long Source(long seed) => (seed * 31) + 7;

    public static long One(long value) => (value * 7) + 1;

    public static long Two(long left, long right) => (left * 3) - (right * 5);

    public static long Many(long[] values) => values.Aggregate(17L, (sum, value) => (sum * 13) + value);

    /// <summary>Gives its slot away while it waits.</summary>
    public static async Task<long> Slow(long value, int milliseconds)
    {
        var process = SimWorld.Current!;
        process.Running++;
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), process.Time);
        process.Running--;
        return One(value);
    }

    public static long Throws(long value) => throw new InvalidTimeZoneException($"thrown for {value}");

    /// <summary>Larger than what rides along with the news.</summary>
    public static long[] Large(long seed, int count)
    {
        var values = new long[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (seed * 31) + i;
        }

        return values;
    }

    /// <summary>Takes its time over values that are larger than what rides along.</summary>
    public static async Task<long[]> Blend(long[] left, long[] right, int milliseconds)
    {
        await Slow(0, milliseconds);
        return Blend(left, right);
    }

    public static long[] Blend(long[] left, long[] right) => [.. left.Zip(right, Two)];

    public static long Sum(long[] values) => values.Aggregate(0L, (sum, value) => sum + value);
}
