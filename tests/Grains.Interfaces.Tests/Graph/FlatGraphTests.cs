namespace Orleans.Dask.Grains.Interfaces.Tests.Graph;

public sealed class FlatGraphTests
{
    [Fact]
    public void Only_what_is_wanted_remains_and_dependencies_come_first()
    {
        var graph = Diamond();

        var flat = FlatGraph.Of(graph, [new TaskKey("d"), new TaskKey("b"), new TaskKey("d")]);

        Assert.Equal(["a[0]", "b[0]", "c[0]", "d[0]"], flat.Nodes.ToArray().Select(node => node.ToString()));
        Assert.Equal([3, 1, 3], flat.Wanted.ToArray());
        Assert.Equal([0, 0], flat.Dependencies(1).ToArray());
        Assert.Equal([1, 2, 1], flat.Dependencies(3).ToArray());
        Assert.Equal([1, 1, 2], flat.Dependants(0).ToArray());
        Assert.Equal([3, 3], flat.Dependants(1).ToArray());
        Assert.Equal([3], flat.Dependants(2).ToArray());
        Assert.Equal([], flat.Dependants(3).ToArray());
    }

    [Fact]
    public void Renumbering_keeps_every_edge()
    {
        var flat = FlatGraph.Of(Diamond(), [new TaskKey("d")]);

        var other = flat.Reordered([0, 2, 1, 3]);

        Assert.True(other.IsOrdered);
        Assert.Equal(["a[0]", "c[0]", "b[0]", "d[0]"], other.Nodes.ToArray().Select(node => node.ToString()));
        Assert.Equal([2, 1, 2], other.Dependencies(3).ToArray());
        Assert.Equal([1, 2, 2], other.Dependants(0).ToArray());
        Assert.Throws<GraphException>(() => flat.Reordered([1, 0, 2, 3]));
        Assert.Throws<GraphException>(() => flat.Reordered([0, 0, 1, 3]));
    }

    [Fact]
    public void A_chain_of_a_million_is_no_deeper_than_the_heap()
    {
        var builder = new TaskGraphBuilder().Add(new DataNode(new TaskKey("x"), 0));
        for (var i = 1; i < 1_000_000; i++)
        {
            builder.Add(TaskGraphBuilderTests.Call($"x[{i}]", $"x[{i - 1}]"));
        }

        var flat = FlatGraph.Of(builder.Build(), [new TaskKey("x", 999_999)]);

        Assert.Equal(1_000_000, flat.Count);
        Assert.Equal(999_999, flat.Wanted[0]);
    }

    [Fact]
    public void Layers_that_are_made_lazily_are_asked_for_each_wanted_node_once()
    {
        var layer = new CountingLayer();

        var flat = FlatGraph.Of(TaskGraph.Empty.With(layer), [new TaskKey("n", 3), new TaskKey("n", 900_000_000)]);

        Assert.Equal(4 + 1, flat.Count);
        Assert.Equal(5, layer.Asked);
    }

    [Fact]
    public void What_is_flat_can_become_a_graph_again()
    {
        var flat = FlatGraph.Of(Diamond(), [new TaskKey("c")]);

        var again = FlatGraph.Of(flat.ToTaskGraph(), [new TaskKey("c")]);

        Assert.Equal(flat.Nodes.ToArray(), again.Nodes.ToArray());
    }

    // a feeds b twice and c once; d takes b, c and b again. e is not needed by any.
    private static TaskGraph Diamond() => new TaskGraphBuilder()
        .Add(TaskGraphBuilderTests.Call("e[0]", "d[0]"))
        .Add(TaskGraphBuilderTests.Call("d[0]", "b[0]", "c[0]", "b[0]"))
        .Add(TaskGraphBuilderTests.Call("b[0]", "a[0]", "a[0]"))
        .Add(TaskGraphBuilderTests.Call("c[0]", "a[0]"))
        .Add(new DataNode(new TaskKey("a"), 1))
        .Build();

    /// <summary>A billion nodes, of which 1 to 3 depend on the one before.</summary>
    private sealed class CountingLayer : TaskLayer
    {
        public int Asked { get; private set; }

        public override string Name => "n";

        public override int Count => 1_000_000_000;

        public override IReadOnlyCollection<string> DependsOn => ["n"];

        public override TaskNode Node(int index)
        {
            Asked++;
            return index is > 0 and < 4 ? TaskGraphBuilderTests.Call($"n[{index}]", $"n[{index - 1}]") : new DataNode(new TaskKey("n", index), index);
        }
    }
}
