using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Optimize;

/// <summary>How many values are in memory at once, when a graph runs in the order given: the measure of a good order.</summary>
public sealed class OrderTests
{
    private static readonly TaskFunction s_any = DelegateFunction.Of((object[] values) => values.Length);

    [Fact]
    public void A_tree_needs_as_many_values_as_it_is_high()
    {
        var graph = new TaskGraphBuilder();
        Row(graph, "t-0", 1024, _ => []);
        for (var level = 1; level <= 10; level++)
        {
            var below = level - 1;
            Row(graph, $"t-{level}", 1024 >> level, i => [new TaskKey($"t-{below}", 2 * i), new TaskKey($"t-{below}", (2 * i) + 1)]);
        }

        Assert.Equal(11 + 1, MostAtOnce(graph.Build(), new TaskKey("t-10")));
    }

    [Fact]
    public void Reading_doubling_and_adding_up_keeps_few_chunks()
    {
        var graph = new TaskGraphBuilder();
        Row(graph, "read", 1000, _ => []);
        Row(graph, "double", 1000, i => [new TaskKey("read", i)]);
        Row(graph, "part", 1000, i => [new TaskKey("double", i)]);
        Row(graph, "sum", 10, i => [.. Enumerable.Range(i * 100, 100).Select(j => new TaskKey("part", j))]);
        Row(graph, "total", 1, _ => [.. Enumerable.Range(0, 10).Select(j => new TaskKey("sum", j))]);

        var built = graph.Build();

        // Of chunks (all but parts and sums) one, and the one being made from it.
        Assert.Equal(2, MostAtOnce(built, layers: ["read", "double"], new TaskKey("total")));
        Assert.InRange(MostAtOnce(built, new TaskKey("total")), 100, 112);
    }

    [Fact]
    public void A_chunk_and_its_mirror_image_meet()
    {
        const int n = 24;
        var graph = new TaskGraphBuilder();
        Row(graph, "x", n * n, _ => []);
        Row(graph, "add", n * n, i => [new TaskKey("x", i), new TaskKey("x", (i % n * n) + (i / n))]);
        Row(graph, "part", n * n, i => [new TaskKey("add", i)]);
        Row(graph, "sum", 1, _ => [.. Enumerable.Range(0, n * n).Select(j => new TaskKey("part", j))]);

        Assert.InRange(MostAtOnce(graph.Build(), layers: ["x", "add"], new TaskKey("sum")), 3, 4);
    }

    [Fact]
    public void A_chunk_that_three_reductions_share_is_read_once_and_dropped()
    {
        var graph = new TaskGraphBuilder();
        Row(graph, "x", 500, _ => []);
        foreach (var name in new[] { "sum", "mean", "std" })
        {
            Row(graph, $"{name}-part", 500, i => [new TaskKey("x", i)]);
            Row(graph, name, 1, _ => [.. Enumerable.Range(0, 500).Select(j => new TaskKey($"{name}-part", j))]);
        }

        Assert.Equal(1, MostAtOnce(graph.Build(), layers: ["x"], new TaskKey("sum"), new TaskKey("mean"), new TaskKey("std")));
    }

    [Fact]
    public void Running_totals_keep_one_total_and_one_chunk()
    {
        var graph = new TaskGraphBuilder();
        Row(graph, "x", 300, _ => []);
        Row(graph, "total", 300, i => i == 0 ? [new TaskKey("x", 0)] : [new TaskKey("total", i - 1), new TaskKey("x", i)]);

        Assert.Equal(3, MostAtOnce(graph.Build(), new TaskKey("total", 299)));
    }

    [Fact]
    public void The_longest_way_is_begun_first()
    {
        var graph = new TaskGraphBuilder();
        Row(graph, "short", 50, _ => []);
        Row(graph, "long", 50, i => i == 0 ? [] : [new TaskKey("long", i - 1)]);
        var wanted = Enumerable.Range(0, 50).Select(i => new TaskKey("short", i)).Append(new TaskKey("long", 49)).ToArray();

        var flat = Optimizer.Run(graph.Build(), wanted);

        Assert.Equal("long[0]", flat.Nodes[0].ToString());
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"short[{i}]"), flat.Nodes[50..].ToArray().Select(node => node.ToString()));
    }

    [Fact]
    public Task Order_is_the_same_every_time_and_dependencies_come_first() =>
        Generate.Graph.SampleAsync((graph, wanted) =>
        {
            var first = Optimizer.Run(graph, wanted);
            Assert.Equal(first.Nodes.ToArray(), Optimizer.Run(graph, wanted).Nodes.ToArray());
            for (var id = 0; id < first.Count; id++)
            {
                Assert.All(first.Dependencies(id).ToArray(), dependency => Assert.True(dependency < id));
            }

            return Task.CompletedTask;
        });

    private static void Row(TaskGraphBuilder graph, string layer, int count, Func<int, TaskKey[]> dependencies)
    {
        for (var i = 0; i < count; i++)
        {
            graph.Add(new CallNode(new TaskKey(layer, i), s_any, dependencies(i), [new InputList(0, 0)]));
        }
    }

    private static int MostAtOnce(TaskGraph graph, params TaskKey[] wanted) => MostAtOnce(graph, null, wanted);

    // Counts what is alive right after each task, before its inputs go; of some layers only when they are given.
    private static int MostAtOnce(TaskGraph graph, string[]? layers, params TaskKey[] wanted)
    {
        var flat = Optimizer.Run(graph, wanted);
        var uses = Enumerable.Range(0, flat.Count).Select(id => flat.Dependants(id).Length + (flat.Wanted.Contains(id) ? 1 : 0)).ToArray();
        var (alive, most) = (0, 0);
        bool Counts(int id) => layers is null || layers.Contains(flat.Nodes[id].Key.Layer);
        for (var id = 0; id < flat.Count; id++)
        {
            alive += Counts(id) ? 1 : 0;
            most = Math.Max(most, alive);
            foreach (var input in flat.Dependencies(id))
            {
                alive -= --uses[input] == 0 && Counts(input) ? 1 : 0;
            }
        }

        return most;
    }
}
