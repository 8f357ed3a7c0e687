using System.Diagnostics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>The threads scheduler on graphs of no-ops, two threads: <c>dask.threaded.get(graph, keys, num_workers=2)</c>.</summary>
public sealed class Threads : IScenarioSource
{
    private static readonly ThreadsScheduler s_scheduler = new(threads: 2);

    public IEnumerable<Scenario> Scenarios =>
    [
        Of("threads_wide", Graphs.Wide(20_000)),
        Of("threads_chain", Graphs.Chain(20_000)),
        Of("threads_tree", Graphs.Tree(16_384)),
        // Without a peer: a million nodes, and tasks with something to do.
        Of("threads_wide_million", Graphs.Wide(1_000_000)),
        Of("threads_tree_million", Graphs.Tree(524_288)),
        Busy("threads_busy", tasks: 4_000, spins: 2_000),
    ];

    private static double s_alone = double.MaxValue;

    // How near to twice as fast as one thread: "speedup" compares with the same calls in a loop.
    private static Scenario Busy(string name, int tasks, int spins) => new(name, tasks, () =>
    {
        int Spin(int value)
        {
            var mixed = (uint)value;
            for (var i = 0; i < spins * 10; i++)
            {
                mixed = (mixed * 1664525) + 1013904223;
            }

            return (int)(mixed & 1);
        }

        var function = DelegateFunction.Of(Spin);
        var builder = new TaskGraphBuilder();
        var wanted = new TaskKey[tasks];
        for (var i = 0; i < tasks; i++)
        {
            wanted[i] = new TaskKey("busy", i);
            builder.Add(new CallNode(wanted[i], function, [], [i]));
        }

        var begun = Stopwatch.GetTimestamp();
        var sum = Enumerable.Range(0, tasks).Sum(Spin);
        s_alone = Math.Min(s_alone, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        var graph = builder.Build();
        var (together, cpus) = (0.0, 0.0);
        return Task.FromResult<IScenarioRun>(new ScenarioRun(
            async () =>
            {
                var cpu = Environment.CpuUsage.TotalTime;
                begun = Stopwatch.GetTimestamp();
                var values = await s_scheduler.ComputeAsync(graph, wanted);
                together = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                cpus = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / together;
                return values.Sum(value => (int)value!) - sum;
            },
            () => [("speedup", s_alone / together), ("cpus", cpus)]));
    });

    // The peer makes its graph before the clock starts and optimises, orders and runs it inside.
    private static Scenario Of(string name, GraphRecipe recipe) => new(name, recipe.Count, () =>
    {
        var (graph, wanted) = recipe.Make();
        CountedCalls.Reset();
        return Task.FromResult<IScenarioRun>(new ScenarioRun(
            async () =>
            {
                var values = await s_scheduler.ComputeAsync(graph, wanted);
                return values.Sum(value => (double)(int)value!);
            },
            () => [("executed", CountedCalls.Total)]));
    });
}
