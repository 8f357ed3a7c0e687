using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Benchmarks;

/// <summary>A graph to run: every task a node of its own with its own key, added one by one.</summary>
/// <param name="Count">Its nodes.</param>
/// <param name="Make">Makes it anew, under fresh keys.</param>
public sealed record GraphRecipe(long Count, Func<(TaskGraph Graph, TaskKey[] Wanted)> Make);

/// <summary>The graphs of the scheduler scenarios: the same as <c>graph_wide</c>, <c>graph_chain</c> and <c>graph_tree</c> of the peer.</summary>
public static class Graphs
{
    private static int s_made;

    /// <summary>n times inc(i), all wanted.</summary>
    public static GraphRecipe Wide(int n) => new(n, () =>
    {
        var (builder, x) = Begin("wide");
        var inc = DelegateFunction.Of(CountedCalls.Inc);
        var wanted = new TaskKey[n];
        for (var i = 0; i < n; i++)
        {
            wanted[i] = new TaskKey(x, i);
            builder.Add(new CallNode(wanted[i], inc, [], [i]));
        }

        return (builder.Build(), wanted);
    });

    /// <summary>0, then n - 1 times inc of the one before.</summary>
    public static GraphRecipe Chain(int n) => new(n, () =>
    {
        var (builder, x) = Begin("chain");
        var inc = DelegateFunction.Of(CountedCalls.Inc);
        builder.Add(new DataNode(new TaskKey(x, 0), 0));
        for (var i = 1; i < n; i++)
        {
            builder.Add(new CallNode(new TaskKey(x, i), inc, new TaskKey(x, i - 1)));
        }

        return (builder.Build(), [new TaskKey(x, n - 1)]);
    });

    /// <summary>inc(i) for n leaves, a power of two, then add by pairs.</summary>
    public static GraphRecipe Tree(int n) => new((2 * n) - 1, () =>
    {
        var (builder, name) = Begin("tree");
        var inc = DelegateFunction.Of(CountedCalls.Inc);
        var add = DelegateFunction.Of(CountedCalls.Add);
        var below = $"{name}-0";
        for (var i = 0; i < n; i++)
        {
            builder.Add(new CallNode(new TaskKey(below, i), inc, [], [i]));
        }

        for (var (level, width) = (1, n / 2); width > 0; level++, width /= 2)
        {
            var layer = $"{name}-{level}";
            for (var i = 0; i < width; i++)
            {
                builder.Add(new CallNode(new TaskKey(layer, i), add, new TaskKey(below, 2 * i), new TaskKey(below, (2 * i) + 1)));
            }

            below = layer;
        }

        return (builder.Build(), [new TaskKey(below, 0)]);
    });

    private static (TaskGraphBuilder Builder, string Name) Begin(string name) => (new TaskGraphBuilder(), $"{name}-{Interlocked.Increment(ref s_made)}");
}
