namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>
/// Futures and graphs of no-ops on a cluster of two silos with one slot each, in processes of their own or in this one:
/// the peer's <c>Client.map</c>, <c>Client.submit(...).result()</c> one by one, and <c>Client.get(graph, key)</c>.
/// </summary>
public sealed class Futures : IScenarioSource
{
    private const int MapCalls = 10_000;
    private const int LatencyCalls = 300;
    private const int TreeLeaves = 8192;

    public IEnumerable<Scenario> Scenarios =>
    [
        Of("futures_map_inproc", processes: false, MapCalls, Map),
        Of("futures_map_processes", processes: true, MapCalls, Map),
        Of("future_latency_inproc", processes: false, LatencyCalls, Latency),
        Of("future_latency_processes", processes: true, LatencyCalls, Latency),
        Of("graph_tree_inproc", processes: false, (2 * TreeLeaves) - 1, Tree),
        Of("graph_tree_processes", processes: true, (2 * TreeLeaves) - 1, Tree),
    ];

    // The peer starts its cluster once, outside the clock, and so do we: a run's set-up is a graph, if any.
    private static Scenario Of(string name, bool processes, long n, Func<DaskClient, Func<Task<double>>> prepare) => new(name, n, async () =>
    {
        var cluster = await SharedCluster.GetAsync(processes);
        var run = prepare(cluster.Client);
        var before = await SharedCluster.CallsAsync(cluster);
        return new ScenarioRun(run, () => [("executed", SharedCluster.CallsAsync(cluster).GetAwaiter().GetResult() - before)]);
    });

    private static Func<Task<double>> Map(DaskClient client) => async () =>
    {
        var values = await client.GatherAsync(client.Map(CountedCalls.Inc, Enumerable.Range(0, MapCalls)));
        return values.Sum(value => (double)value);
    };

    private static Func<Task<double>> Latency(DaskClient client) => async () =>
    {
        var sum = 0.0;
        for (var i = 0; i < LatencyCalls; i++)
        {
            sum += await client.Submit(CountedCalls.Inc, i);
        }

        return sum;
    };

    private static Func<Task<double>> Tree(DaskClient client)
    {
        var (graph, wanted) = Graphs.Tree(TreeLeaves).Make();
        return async () => (int)(await client.ComputeAsync(graph, wanted))[0]!;
    }
}
