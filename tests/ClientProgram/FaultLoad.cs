using Orleans.Dask.Streams;

namespace Orleans.Dask.Cluster;

/// <summary>
/// Graphs and streams without pause, each answer compared with the one it must be. Every part of an answer is a step: faults are
/// injected after a number of these, so that they come in the middle of everything.
/// </summary>
internal sealed class FaultLoad(DaskClient client, Action step)
{
    private const int Numbers = 40;
    private const int Events = 12;

    private volatile bool _ended;

    /// <summary>Runs until <see cref="End"/>, then to the end of what is under way.</summary>
    /// <exception cref="InvalidOperationException">An answer was wrong.</exception>
    public Task RunAsync() => Task.WhenAll(RepeatAsync(FuturesAsync), RepeatAsync(ArraysAsync), RepeatAsync(StreamAsync));

    public void End() => _ended = true;

    private async Task RepeatAsync(Func<int, Task> work)
    {
        for (var round = 1; !_ended; round++)
        {
            await work(round);
        }
    }

    // A tree of tasks, and a value too large for a message that all of it uses.
    private async Task FuturesAsync(int round)
    {
        var weights = new double[300_000];
        Array.Fill(weights, round);
        var squares = client.Map(Square, Enumerable.Range(round, Numbers));
        var sums = squares.Chunk(8).Select(part => client.Submit(Sum, part)).ToArray();
        var total = client.Submit(Sum, sums);
        var weighed = client.Submit(Weigh, total, weights);
        var expected = Enumerable.Range(round, Numbers).Select(Square).ToArray();
        for (var i = 0; i < Numbers; i++)
        {
            Check("square", expected[i], await squares[i]);
            step();
        }

        Check("total", expected.Sum(), await total);
        Check("weighed", expected.Sum() + ((long)round * weights.Length), await weighed);
        step();
    }

    private async Task ArraysAsync(int round)
    {
        var x = DaskArray.Arange<double>(2_000, chunks: 100);
        var y = (x * x) + round;
        Check("sum of squares", Enumerable.Range(0, 2_000).Sum(i => ((double)i * i) + round), await y.Sum().ComputeAsync(client));
        step();
    }

    private async Task StreamAsync(int round)
    {
        var (source, seen, last) = (new StreamSource<int>(), new List<long>(), new TaskCompletionSource());
        var squares = source.Scatter(client).Map(Square);
        squares.Zip(squares.Accumulate((total, x) => total + x, 0L)).Buffer(4).Gather().Sink(pair =>
        {
            seen.Add(pair.Item2 - pair.Item1);
            step();
            if (seen.Count == Events)
            {
                last.SetResult();
            }
        });
        for (var i = 0; i < Events; i++)
        {
            await source.EmitAsync(round + i);
        }

        await last.Task;
        var before = 0L;
        for (var i = 0; i < Events; i++)
        {
            Check("running total", before, seen[i]);
            before += Square(round + i);
        }
    }

    private static long Square(int x)
    {
        // Some work, or everything would be over before anything can go wrong.
        Thread.SpinWait(20_000);
        return (long)x * x;
    }

    private static long Sum(IEnumerable<long> values) => values.Sum();

    private static long Weigh(long value, double[] weights) => value + (long)weights.Sum();

    private static void Check<T>(string what, T expected, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            throw new InvalidOperationException($"The {what} is {found}, expected {expected}.");
        }
    }
}
