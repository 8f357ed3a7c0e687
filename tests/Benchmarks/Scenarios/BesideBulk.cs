using System.Diagnostics;

namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>
/// What a bulk transfer costs small calls on the same connection. A caller makes small calls one after the other while four others
/// move 1 GB in messages of 4 MB; then the same four burn as much processor time in both processes, call by call, and move nothing.
/// The second is what the machine makes of any load; the ratio of the two p99 is what the network adds.
/// </summary>
public sealed class BesideBulk : IScenarioSource
{
    private const int MessageBytes = 4_000_000;
    private const int Messages = 250;
    private const int Callers = 4;
    private const int Rounds = 5;

    public IEnumerable<Scenario> Scenarios =>
    [
        new("engine_p99_beside_bulk", Rounds * Messages, PrepareAsync) { Repeat = 1 },
    ];

    private static async Task<IScenarioRun> PrepareAsync()
    {
        var silo = await SiloProcess.StartAsync();
        var small = silo.Client.GetGrain<IBenchGrain>("small");
        var large = Enumerable.Range(0, Callers).Select(i => silo.Client.GetGrain<IBenchGrain>($"large {i}")).ToArray();
        var bytes = new byte[MessageBytes];
        new Random(20261121).NextBytes(bytes);
        var roundsASecond = Spin.RoundsASecond();
        await BesideAsync(small, caller => large[caller].TakeAsync(bytes));
        var beside = new Load();
        var burning = new Load();
        return new ScenarioRun(
            async () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    var here = Processor();
                    var there = silo.ProcessorTime;
                    beside.Add(await BesideAsync(small, caller => large[caller].TakeAsync(bytes)));
                    var burnHere = (long)((Processor() - here).TotalSeconds / Messages * roundsASecond);
                    var burnThere = (long)((silo.ProcessorTime - there).TotalSeconds / Messages * roundsASecond);
                    burning.Add(await BesideAsync(small, async caller =>
                    {
                        await Spin.RoundsAsync(burnHere);
                        await large[caller].BurnAsync(burnThere);
                    }));
                }

                return beside.Calls > 0 && burning.Calls > 0 ? Rounds * Messages : 0;
            },
            () =>
            [
                ("p50_beside_bulk_us", beside.Quantile(0.5)), ("p50_beside_burn_us", burning.Quantile(0.5)),
                ("p99_beside_bulk_us", beside.Quantile(0.99)), ("p99_beside_burn_us", burning.Quantile(0.99)),
                ("ratio", beside.Quantile(0.99) / burning.Quantile(0.99)),
                ("calls_beside_bulk", beside.Calls), ("calls_beside_burn", burning.Calls),
                ("GB_per_s", (double)Rounds * Messages * MessageBytes / beside.Seconds / 1e9), ("burn_seconds", burning.Seconds), ("bulk_seconds", beside.Seconds),
            ],
            silo.DisposeAsync);
    }

    /// <summary>Times small calls until the load has done its messages.</summary>
    private static async Task<(List<double> Times, double Seconds)> BesideAsync(IBenchGrain small, Func<int, Task> load)
    {
        var next = 0;
        var begun = Stopwatch.GetTimestamp();
        var loads = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) <= Messages)
            {
                await load(caller);
            }
        })));
        var times = await Task.Run(async () =>
        {
            var times = new List<double>();
            while (!loads.IsCompleted)
            {
                var called = Stopwatch.GetTimestamp();
                await small.NothingAsync();
                times.Add(Stopwatch.GetElapsedTime(called).TotalMicroseconds);
            }

            return times;
        });
        await loads;
        return (times, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    private static TimeSpan Processor()
    {
        using var here = Process.GetCurrentProcess();
        return here.TotalProcessorTime;
    }

    /// <summary>Small calls beside one kind of load, all rounds together.</summary>
    private sealed class Load
    {
        private readonly List<double> _times = [];

        public int Calls => _times.Count;

        public double Seconds { get; private set; }

        public void Add((List<double> Times, double Seconds) round)
        {
            _times.AddRange(round.Times);
            Seconds += round.Seconds;
        }

        public double Quantile(double q)
        {
            var sorted = _times.Order().ToArray();
            return sorted[(int)(q * (sorted.Length - 1))];
        }
    }
}
