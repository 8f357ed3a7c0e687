using System.Diagnostics;
using System.Globalization;
using Orleans.Dask.Silo;

namespace Orleans.Dask.Benchmarks.Tables;

/// <summary>
/// What a task of a graph costs, from a thousand to a million of them, on two silo processes of one slot that are warm: it is to stay
/// within a factor of two. A round runs graphs of one size one after the other until so many tasks are done, all on one clock.
/// </summary>
internal static class CostTable
{
    public const string Command = "cost";

    private const int Rounds = 3;
    private const int TasksOfARound = 500_000;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(4);
    private static readonly int[] s_sizes = [1_000, 10_000, 100_000, 1_000_000];

    public static async Task<int> RunAsync(TextWriter output)
    {
        var cluster = await SharedCluster.GetAsync(processes: true);
        await output.WriteLineAsync("| graph | tasks | graphs on one clock | µs a task, median round | best | worst | times the cheapest |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- | --- |");
        var within = true;
        foreach (var make in new Func<int, CheckedGraph>[] { CheckedGraph.Wide, CheckedGraph.Tree })
        {
            var begun = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begun) < s_warmUp)
            {
                await make(1_000).RunAsync(cluster.Client);
                await make(10_000).RunAsync(cluster.Client);
            }

            var rows = new List<(CheckedGraph Graph, int Graphs, double[] Costs)>();
            foreach (var size in s_sizes)
            {
                var graph = make(size);
                var graphs = (int)Math.Max(1, TasksOfARound / graph.Count);
                var costs = new double[Rounds];
                for (var i = 0; i < Rounds; i++)
                {
                    costs[i] = await RoundAsync(cluster, graph, graphs);
                }

                Array.Sort(costs);
                rows.Add((graph, graphs, costs));
            }

            var cheapest = rows.Min(row => row.Costs[Rounds / 2]);
            foreach (var (graph, graphs, costs) in rows)
            {
                var times = costs[Rounds / 2] / cheapest;
                within &= times <= 2;
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {graph.Name} | {graph.Count:N0} | {graphs} | {costs[Rounds / 2]:0.00} | {costs[0]:0.00} | {costs[^1]:0.00} | {times:0.00} |"));
            }
        }

        await output.WriteLineAsync($"\nTwo silo processes of one slot, client in a third; {s_warmUp.TotalSeconds} s of graphs of 1,000 and 10,000 tasks before the clock, of which each kind has its own.");
        await output.WriteLineAsync("On the clock: building the graphs, ordering, submitting, running, answers (checked) and garbage collection of all three processes, and letting go:");
        await output.WriteLineAsync("a round ends with the answer of one more small graph, which comes after the release of all before it. Every task was run once, as the silos counted.");
        await output.WriteLineAsync(within ? "Median rounds are within a factor of two." : "Median rounds are NOT within a factor of two.");
        await SharedCluster.EndAsync();
        return within ? 0 : 1;
    }

    /// <summary>Microseconds a task.</summary>
    private static async Task<double> RoundAsync(LocalCluster cluster, CheckedGraph graph, int graphs)
    {
        var last = CheckedGraph.Tree(2);
        var calls = await SharedCluster.CallsAsync(cluster);
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < graphs; i++)
        {
            await graph.RunAsync(cluster.Client);
        }

        await last.RunAsync(cluster.Client);
        var took = Stopwatch.GetElapsedTime(begun);
        var tasks = (graphs * graph.Count) + last.Count;
        calls = await SharedCluster.CallsAsync(cluster) - calls;
        return calls == tasks ? took.TotalMicroseconds / tasks
            : throw new InvalidOperationException($"{calls:N0} calls of {tasks:N0} tasks: each is to be run once.");
    }
}
