using System.Diagnostics;
using System.Globalization;

namespace Orleans.Dask.Benchmarks.Tables;

/// <summary>What a task of a graph costs, from a thousand to a million of them, on two silo processes of one slot that are warm: it is to stay within a factor of two.</summary>
internal static class CostTable
{
    public const string Command = "cost";

    private static readonly int[] s_sizes = [1_000, 10_000, 100_000, 1_000_000];

    public static async Task<int> RunAsync(TextWriter output)
    {
        var client = (await SharedCluster.GetAsync(processes: true)).Client;
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(4))
        {
            await OnceAsync(client, Graphs.Wide(10_000));
            await OnceAsync(client, Graphs.Tree(8_192));
        }

        await output.WriteLineAsync("| graph | tasks | µs a task, best | median | times the cheapest |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- |");
        foreach (var (name, make) in new (string, Func<int, GraphRecipe>)[] { ("wide", Graphs.Wide), ("tree", size => Graphs.Tree(1 << (int)Math.Round(Math.Log2(size / 2.0)))) })
        {
            var rows = new List<(long Count, double Best, double Median)>();
            foreach (var size in s_sizes)
            {
                var recipe = make(size);
                var times = new List<double>();
                for (var i = 0; i < Math.Clamp(200_000 / size, 1, 25); i++)
                {
                    times.Add(await OnceAsync(client, recipe) * 1e6 / recipe.Count);
                }

                times.Sort();
                rows.Add((recipe.Count, times[0], times[times.Count / 2]));
            }

            var cheapest = rows.Min(row => row.Best);
            foreach (var (count, best, median) in rows)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {name} | {count:N0} | {best:0.0} | {median:0.0} | {best / cheapest:0.0} |"));
            }
        }

        await SharedCluster.EndAsync();
        return 0;
    }

    private static async Task<double> OnceAsync(DaskClient client, GraphRecipe recipe)
    {
        var (graph, wanted) = recipe.Make();
        GC.Collect();
        var begun = Stopwatch.GetTimestamp();
        await client.ComputeAsync(graph, wanted);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
