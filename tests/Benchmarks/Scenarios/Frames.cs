using System.Globalization;

namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>The frame scenarios that are built, on the peer's CSV files (<c>BENCH_DATA</c>, made by <c>dask_bench.py data</c>), two threads.</summary>
public sealed class Frames : IScenarioSource
{
    private static readonly long s_rows = long.Parse(Environment.GetEnvironmentVariable("ROWS") ?? "4000000", CultureInfo.InvariantCulture);
    private static readonly ThreadsScheduler s_scheduler = new(threads: 2);
    private static DaskFrame? s_kept;

    public IEnumerable<Scenario> Scenarios =>
    [
        Of("frame_groupby_few", frame => frame.GroupBy("name")["x"].Mean()),
        Of("frame_hour_mean", frame => frame.GroupBy(frame["ts"].Dt.Hour)["x"].Mean()),
    ];

    private static Scenario Of(string name, Func<DaskFrame, DaskSeries> recipe) => new(name, s_rows, async () =>
    {
        var frame = s_kept ??= await DaskFrame.ReadCsv(Files(), parseDates: ["ts"], blockSize: null).PersistAsync(s_scheduler);
        return new ScenarioRun(async () =>
        {
            var result = await recipe(frame).ComputeAsync(s_scheduler);
            return ((Float64Column)result.Values).Values.ToArray().Where(value => !double.IsNaN(value)).Sum();
        });
    });

    private static string Files()
    {
        var data = Environment.GetEnvironmentVariable("BENCH_DATA") ?? Path.Combine(Path.GetTempPath(), "bench-data");
        return Path.Combine(data, $"frame-{s_rows}", "part-*.csv");
    }
}
