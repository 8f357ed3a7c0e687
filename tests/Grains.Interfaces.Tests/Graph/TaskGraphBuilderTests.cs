namespace Orleans.Dask.Grains.Interfaces.Tests.Graph;

public sealed class TaskGraphBuilderTests
{
    private static readonly TaskFunction s_sum = DelegateFunction.Of((int[] values) => values.Sum());

    [Fact]
    public void Nodes_are_found_by_their_keys_whatever_the_order_they_came_in()
    {
        var builder = new TaskGraphBuilder();
        foreach (var index in new[] { 5000, 0, 3, 1, 2, 1500 })
        {
            builder.Add(new DataNode(new TaskKey("x", index), index));
        }

        var graph = builder.Build();

        Assert.Equal(5001, graph.Find("x")!.Count);
        Assert.Equal(1500, ((DataNode)graph[new TaskKey("x", 1500)]).Value);
        Assert.Equal("Nothing makes 'x[4]': no node of that key was added to layer 'x'.", Assert.Throws<GraphException>(() => graph[new TaskKey("x", 4)]).Message);
    }

    [Fact]
    public void A_key_given_twice_is_refused()
    {
        var builder = new TaskGraphBuilder().Add(new DataNode(new TaskKey("x", 7), 1));

        var error = Assert.Throws<GraphException>(() => builder.Add(new DataNode(new TaskKey("x", 7), 2)));

        Assert.StartsWith("'x[7]' was added twice.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loose_end_is_refused_with_the_key_that_asks_for_it()
    {
        var unknownLayer = new TaskGraphBuilder().Add(Call("y[0]", "x[0]"));
        var unknownIndex = new TaskGraphBuilder().Add(Call("y[0]", "x[1]")).Add(new DataNode(new TaskKey("x"), 1));

        Assert.StartsWith("Nothing makes 'x[0]', which 'y[0]' depends on", Assert.Throws<GraphException>(unknownLayer.Build).Message, StringComparison.Ordinal);
        Assert.StartsWith("Nothing makes 'x[1]', which 'y[0]' depends on: layer 'x' has 1 values", Assert.Throws<GraphException>(unknownIndex.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_is_refused_with_its_keys_and_only_those()
    {
        var builder = new TaskGraphBuilder().Add(Call("out[0]", "a[0]")).Add(Call("a[0]", "b[3]")).Add(Call("b[3]", "c[0]")).Add(Call("c[0]", "a[0]"));

        var error = Assert.Throws<GraphException>(builder.Build);

        Assert.StartsWith("The graph goes in a circle: 'a[0]' needs 'b[3]' needs 'c[0]' needs 'a[0]'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_needs_itself_is_a_cycle()
    {
        var builder = new TaskGraphBuilder().Add(Call("a[0]", "a[0]"));

        Assert.StartsWith("The graph goes in a circle: 'a[0]' needs 'a[0]'.", Assert.Throws<GraphException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_cycle_is_shown_in_part()
    {
        var builder = new TaskGraphBuilder();
        for (var i = 0; i < 100_000; i++)
        {
            builder.Add(new CallNode(new TaskKey("a", i), s_sum, new TaskKey("a", (i + 1) % 100_000)));
        }

        var message = Assert.Throws<GraphException>(builder.Build).Message;

        Assert.Contains("needs (99988 more) needs 'a[99999]' needs 'a[0]'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_upstream_graph_is_kept_and_may_be_depended_on()
    {
        var upstream = new TaskGraphBuilder().Add(new DataNode(new TaskKey("x"), 1)).Build();

        var graph = new TaskGraphBuilder(upstream).Add(Call("y[0]", "x[0]")).Build();

        Assert.Equal(2, graph.Count);
        Assert.Equal(["x"], graph.Find("y")!.DependsOn);
        Assert.Throws<GraphException>(() => new TaskGraphBuilder(upstream).Add(new DataNode(new TaskKey("x", 1), 2)));
    }

    internal static CallNode Call(string key, params string[] dependencies) => new(TaskKey.Parse(key), s_sum, Array.ConvertAll(dependencies, TaskKey.Parse));
}
