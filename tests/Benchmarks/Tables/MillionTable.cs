using System.Diagnostics;
using System.Globalization;

namespace Orleans.Dask.Benchmarks.Tables;

/// <summary>
/// A million tasks, wide and as a tree, through two silo processes of one slot: what all processes together grow by at most, over
/// tasks, and what is left of it once the answer is there and let go. Fresh silos each, for in others earlier tasks hide what these take.
/// </summary>
internal static class MillionTable
{
    public const string Command = "million";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(TextWriter output, int tasks = 1_000_000)
    {
        var leaves = 1 << (int)Math.Round(Math.Log2(tasks / 2.0));
        await output.WriteLineAsync("| graph | tasks | s | before, MB | peak, MB | growth, kB a task (client + silos) | after release, MB | above before | after s |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (name, recipe) in new[] { ("wide", Graphs.Wide(tasks)), ("tree", Graphs.Tree(leaves)) })
        {
            await SharedCluster.EndAsync();
            var cluster = await SharedCluster.GetAsync(processes: true);

            // Code compiled, connections open, pages of the runtime touched.
            for (var i = 0; i < 3; i++)
            {
                await ComputeAsync(cluster.Client, Graphs.Tree(4_096));
            }

            using var memory = new ProcessMemory(cluster.ProcessIds.Where(id => id != Environment.ProcessId));
            var before = await SettleAsync(memory);
            memory.TakePeak();
            var begun = Stopwatch.GetTimestamp();
            await ComputeAsync(cluster.Client, recipe);
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var peak = memory.TakePeak();

            var released = Stopwatch.GetTimestamp();
            var (after, when) = (memory.Now(), TimeSpan.Zero);
            while (Stopwatch.GetElapsedTime(released) < s_patience)
            {
                var now = await SettleAsync(memory);
                if (now.Sum() < after.Sum())
                {
                    (after, when) = (now, Stopwatch.GetElapsedTime(released));
                }
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {recipe.Count:N0} | {seconds:0.0} | {Mega(before)} | {Mega(peak)} | {Kilo(peak.Sum() - before.Sum(), recipe.Count)} ({Kilo(peak[0] - before[0], recipe.Count)} + {Kilo(peak.Skip(1).Sum() - before.Skip(1).Sum(), recipe.Count)}) | {Mega(after)} | {(after.Sum() - before.Sum()) * 100.0 / before.Sum():0} % ({(after.Sum() - before.Sum()) * 100.0 / (peak.Sum() - before.Sum()):0} % of the growth) | {when.TotalSeconds:0.0} |"));
        }

        await SharedCluster.EndAsync();
        return 0;
    }

    private static async Task ComputeAsync(DaskClient client, GraphRecipe recipe)
    {
        var (graph, wanted) = recipe.Make();
        await client.ComputeAsync(graph, wanted);
    }

    // This process is the user's: when it gives memory back is the user's matter. Silos see to it themselves.
    private static async Task<long[]> SettleAsync(ProcessMemory memory)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        return memory.Now();
    }

    private static string Mega(long[] bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes.Sum() >> 20} ({string.Join(" + ", bytes.Select(each => each >> 20))})");

    private static string Kilo(long bytes, long tasks) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / tasks:0.00}");
}
