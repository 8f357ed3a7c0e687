using System.Diagnostics;

namespace Orleans.Dask.Benchmarks;

/// <summary>Work that takes processor time and nothing else: no memory, no lock, no system call.</summary>
internal static class Spin
{
    private static long s_sink;

    /// <summary>On a thread of its own: the machine's processors are shared with it, nothing else is.</summary>
    public static Task RoundsAsync(long rounds) => Task.Factory.StartNew(() => Rounds(rounds), TaskCreationOptions.LongRunning);

    private static void Rounds(long rounds)
    {
        var x = 1L;
        for (var i = 0L; i < rounds; i++)
        {
            x = (x * 6364136223846793005L) + 1442695040888963407L;
        }

        s_sink = x;
    }

    /// <summary>Rounds that fill a second of one processor; the best of some tries, on a quiet machine.</summary>
    public static double RoundsASecond()
    {
        const long Rounds1 = 5_000_000;
        var best = double.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            Rounds(Rounds1);
            best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        return Rounds1 / best;
    }
}
