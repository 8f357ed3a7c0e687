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
    ];

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
