using System.Diagnostics;
using System.Globalization;

namespace Orleans.Dask.Benchmarks.Tables;

/// <summary>
/// A million tasks, wide and as a tree, through two silo processes of one slot: what all processes together grow by at most, over
/// tasks, and what is left of it ten seconds after the answer was let go. Twice on the same silos: the second run begins with what the
/// first has left, and neither may leave more.
/// </summary>
internal static class MillionTable
{
    public const string Command = "million";

    private const double MostGrowth = 2.0;
    private const double MostLeft = 0.10;

    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(TextWriter output, int tasks = 1_000_000)
    {
        await output.WriteLineAsync("| graph | tasks | run | s | before, MB | peak, MB | growth, kB a task (client + silos) | 10 s after release, MB | against before |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        var within = true;
        foreach (var graph in new[] { CheckedGraph.Wide(tasks), CheckedGraph.Tree(tasks) })
        {
            await SharedCluster.EndAsync();
            var cluster = await SharedCluster.GetAsync(processes: true);

            // Code compiled, connections open, pages of the runtime touched.
            var warm = CheckedGraph.Tree(10_000);
            for (var i = 0; i < 20; i++)
            {
                await warm.RunAsync(cluster.Client);
            }

            using var memory = new ProcessMemory(cluster.ProcessIds.Where(id => id != Environment.ProcessId));
            var before = await SettleAsync(memory);
            for (var run = 1; run <= 2; run++)
            {
                memory.TakePeak();
                var begun = Stopwatch.GetTimestamp();
                await graph.RunAsync(cluster.Client);
                var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                var peak = memory.TakePeak();
                var after = await SettleAsync(memory);
                var left = (double)(after.Sum() - before.Sum()) / before.Sum();
                within &= peak.Sum() - before.Sum() <= MostGrowth * 1024 * graph.Count && left <= MostLeft;
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {graph.Name} | {graph.Count:N0} | {run} | {seconds:0.0} | {Mega(before)} | {Mega(peak)} | {Growth(before, peak, graph.Count)} | {Mega(after)} | {left:+0.0 %;-0.0 %} |"));
                before = after;
            }
        }

        await output.WriteLineAsync("\nMB and kB are of 1,024; sums, and in brackets client + silo + silo: the client, this program, counts like the rest. Resident memory, looked at every 10 ms; growth is the");
        await output.WriteLineAsync($"highest sum less the sum before. Before: fresh silos after 20 graphs of 16,383 tasks and {s_after.TotalSeconds} s of rest; in the second run, what the first has left. After: the answer let go, {s_after.TotalSeconds} s of");
        await output.WriteLineAsync("rest. While it rests this program collects its garbage, as that is its own affair; silos see to theirs. Answers are checked.");
        await output.WriteLineAsync(within ? $"At most {MostGrowth} kB a task, and back within {MostLeft:0 %}." : $"NOT within {MostGrowth} kB a task and {MostLeft:0 %} after release.");
        await SharedCluster.EndAsync();
        return within ? 0 : 1;
    }

    private static async Task<long[]> SettleAsync(ProcessMemory memory)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < s_after)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        return memory.Now();
    }

    private static string Growth(long[] before, long[] peak, long tasks) =>
        $"{Kilo(peak.Sum() - before.Sum(), tasks)} ({Kilo(peak[0] - before[0], tasks)} + {Kilo(peak.Skip(1).Sum() - before.Skip(1).Sum(), tasks)})";

    private static string Mega(long[] bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes.Sum() >> 20} ({string.Join(" + ", bytes.Select(each => each >> 20))})");

    private static string Kilo(long bytes, long tasks) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / tasks:0.00}");
}
