using Orleans.Dask.Silo;

namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>
/// What dispatch in batches withstands: two silo processes that drop a third of the activations they are called at. 100,000
/// no-op tasks; any of their keys read through its grain by a plain client; then tasks beside a value that lies on one silo,
/// of which the other, idle, steals some. Every answer is compared with what it must be.
/// </summary>
public sealed class DispatchDropped : IScenarioSource
{
    private const int Tasks = 100_000;
    private const int Stealable = 60;

    public IEnumerable<Scenario> Scenarios =>
    [
        new("dispatch_dropped", Tasks, async () =>
        {
            var cluster = await DroppingSilo.StartClusterAsync();
            var client = cluster.Client;
            IReadOnlyList<Future<int>> futures = [];
            return new ScenarioRun(
                async () =>
                {
                    futures = client.Map(CountedCalls.Inc, Enumerable.Range(0, Tasks));
                    return (await client.GatherAsync(futures)).Sum(value => (double)value);
                },
                () => ReportAsync(cluster, futures).GetAwaiter().GetResult(),
                cluster.DisposeAsync);
        })
        {
            Repeat = 1,
        },
    ];

    private static async Task<(string, object)[]> ReportAsync(LocalCluster cluster, IReadOnlyList<Future<int>> futures)
    {
        await Dispatch.ReadSomeAsync(cluster.Client, futures);
        var stolen = await StealAsync(cluster.Client);
        return [("read_through_grain", Dispatch.Reads), ("stolen", stolen), ("of", Stealable), ("activations_dropped", await DroppedAsync(cluster.Client))];
    }

    // All tasks want to be where the value is; the other silo has nothing to do.
    private static async Task<int> StealAsync(DaskClient client)
    {
        var owner = client.Workers[0].Address;
        using var value = await client.ScatterAsync(new byte[1_000], [owner]);
        var home = await client.Submit(Where, value, 0);
        var places = await client.GatherAsync(Enumerable.Range(1, Stealable).Select(i => client.Submit(Where, value, i)).ToList());
        return places.Count(place => place != home);
    }

    private static int Where(byte[] value, int milliseconds)
    {
        var end = TimeProvider.System.GetTimestamp() + (milliseconds * TimeProvider.System.TimestampFrequency / 1000);
        while (TimeProvider.System.GetTimestamp() < end)
        {
            Thread.SpinWait(value.Length);
        }

        return Environment.ProcessId;
    }

    private static async Task<int> DroppedAsync(DaskClient client)
    {
        var dropped = 0;
        foreach (var worker in client.Workers)
        {
            using var there = await client.ScatterAsync(new byte[100_000], [worker.Address]);
            dropped += await client.Submit(static (byte[] _) => DroppingSilo.Dropped, there);
        }

        return dropped;
    }
}
