using System.Globalization;

namespace Orleans.Dask.Silo.Commands.Demo;

/// <summary>
/// Many-task parallelism: four functions that depend on each other, 200 times, then a sum. Each call of a function sums a
/// geometric series, some 80 ms of arithmetic that no compiler takes away.
/// </summary>
internal sealed class DemoFutures : IDemoPart
{
    public string Name => "futures";

    public string Title => "Futures: 200 x foo, bar, linear, three, then a sum";

    public async Task RunAsync(DemoContext context, CancellationToken cancellationToken)
    {
        var (client, repeats) = (context.Client, context.Options.Repeats);
        var begun = TimeProvider.System.GetTimestamp();
        var total = 0L;
        await context.Console.ProgressAsync("tasks", repeats, async report =>
        {
            var done = 0;
            List<Future<long>> zs = [];
            for (var i = 0; i < repeats; i++)
            {
                var x = client.Submit(Foo, (long)i);
                var y = client.Submit(Bar, x);
                var z = client.Submit(Linear, x, y);
                zs.Add(client.Submit(Three, x, y, z));
            }

            var sum = client.Submit(Sum, zs, -9688L);
            await Task.WhenAll(zs.Select(async z =>
            {
                await z.WaitAsync(cancellationToken);
                report(Interlocked.Increment(ref done));
            }));
            total = await sum.ResultAsync(cancellationToken);
        });

        var (workers, seconds) = (client.Workers, TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        var tasks = (4 * repeats) + 1;
        DemoConsole.Line(string.Create(CultureInfo.InvariantCulture,
            $"total {total}; parallel time {seconds:0.00} s for {tasks} tasks on {workers.Count} silos with {workers.Sum(worker => worker.Slots)} slots in all, {1000 * seconds / tasks:0.0} ms a task"));
    }

    private static long Foo(long x) => x + Math.Max(One(), 1);

    private static long Bar(long x) => 2 * x * One();

    private static long Linear(long x, long y) => 2 * (x + y) * One();

    private static long Three(long x, long y, long z) => (x + y + z) * One();

    private static long Sum(long[] values, long start) => start + values.Sum();

    /// <summary>1 + r + r² + …, which is 1 / (1 - r), times (1 - r): one, after a good while.</summary>
    private static long One()
    {
        const double Ratio = 1 - 1e-6;
        const int Terms = 100_000_000;
        double sum = 0, term = 1;
        for (var i = 0; i < Terms; i++)
        {
            sum += term;
            term *= Ratio;
        }

        return (long)Math.Round(sum * (1 - Ratio));
    }
}
