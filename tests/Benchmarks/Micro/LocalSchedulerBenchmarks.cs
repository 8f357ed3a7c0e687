using BenchmarkDotNet.Attributes;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Benchmarks.Micro;

/// <summary>What a no-op task costs, step by step: a plain loop, numbering, ordering, one thread, two.</summary>
public class LocalSchedulerBenchmarks
{
    private static readonly SynchronousScheduler s_synchronous = new();
    private static readonly ThreadsScheduler s_threads = new(threads: 2);
    private TaskGraph _graph = TaskGraph.Empty;
    private TaskKey[] _wanted = [];
    private FlatGraph _flat = null!;
    private GraphRecipe _recipe = null!;

    [Params("wide", "chain", "tree")]
    public string Shape { get; set; } = "";

    /// <summary>About so many nodes.</summary>
    [Params(16_384, 1_048_576)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Make()
    {
        _recipe = Shape switch { "wide" => Graphs.Wide(Nodes), "chain" => Graphs.Chain(Nodes), _ => Graphs.Tree(Nodes / 2) };
        (_graph, _wanted) = _recipe.Make();
        _flat = FlatGraph.Of(_graph, _wanted);
    }

    [Benchmark(Baseline = true)]
    public object? Loop()
    {
        object? last = 0;
        var inc = (Func<int, int>)CountedCalls.Inc;
        for (var i = 0; i < Nodes; i++)
        {
            last = inc((int)last!);
        }

        return last;
    }

    [Benchmark]
    public TaskGraph Build() => _recipe.Make().Graph;

    [Benchmark]
    public FlatGraph Flatten() => FlatGraph.Of(_graph, _wanted);

    [Benchmark]
    public FlatGraph Reorder() => Order.Run(_flat);

    [Benchmark]
    public object? Synchronous() => s_synchronous.ComputeAsync(_graph, _wanted).GetAwaiter().GetResult()[0];

    [Benchmark]
    public object? Threads() => s_threads.ComputeAsync(_graph, _wanted).GetAwaiter().GetResult()[0];
}
