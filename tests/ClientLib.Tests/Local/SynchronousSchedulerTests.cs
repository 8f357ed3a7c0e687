using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Local;

public sealed class SynchronousSchedulerTests
{
    private static readonly TaskFunction s_add = DelegateFunction.Of((int a, int b) => a + b);

    [Fact]
    public async Task Constants_inputs_and_lists_take_their_places()
    {
        var graph = new TaskGraphBuilder()
            .Add(new DataNode(new TaskKey("x"), 1))
            .Add(new AliasNode(new TaskKey("y"), new TaskKey("x")))
            .Add(new CallNode(new TaskKey("z"), s_add, [new TaskKey("y")], [Input.At(0), 10]))
            .Add(new CallNode(new TaskKey("s"), DelegateFunction.Of((string name, int[] values) => $"{name}{values.Sum()}"), [new TaskKey("x"), new TaskKey("z")], ["sum ", new InputList(0, 2)]))
            .Build();

        var values = await new SynchronousScheduler().ComputeAsync(graph, [new TaskKey("s"), new TaskKey("z"), new TaskKey("y"), new TaskKey("s")]);

        Assert.Equal(["sum 12", 11, 1, "sum 12"], values);
    }

    [Fact]
    public async Task What_a_task_throws_is_wrapped_with_its_key()
    {
        var graph = new TaskGraphBuilder().Add(new CallNode(new TaskKey("bad", 3), DelegateFunction.Of(int () => throw new InvalidOperationException("no luck")), [])).Build();

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => new SynchronousScheduler().ComputeAsync(graph, [new TaskKey("bad", 3)]));

        Assert.Equal("Task 'bad[3]' failed: InvalidOperationException: no luck", error.Message);
        Assert.Contains(nameof(What_a_task_throws_is_wrapped_with_its_key), error.InnerException!.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_begins_after_cancellation()
    {
        using var source = new CancellationTokenSource();
        var ran = 0;
        var graph = new TaskGraphBuilder()
            .Add(new CallNode(new TaskKey("a"), DelegateFunction.Of(() => { ran++; source.Cancel(); return 1; }), []))
            .Add(new CallNode(new TaskKey("b"), DelegateFunction.Of((int a) => { ran++; return a; }), new TaskKey("a")))
            .Build();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SynchronousScheduler().ComputeAsync(graph, [new TaskKey("b")], source.Token));

        Assert.Equal(1, ran);
    }

    [Fact]
    public async Task Persisted_values_are_computed_once_and_stand_for_themselves()
    {
        var calls = 0;
        var graph = new TaskGraphBuilder().Add(new CallNode(new TaskKey("a", 4), DelegateFunction.Of(() => ++calls), [])).Build();
        var scheduler = new SynchronousScheduler();

        var persisted = await scheduler.PersistAsync(graph, [new TaskKey("a", 4), new TaskKey("a", 4)]);

        Assert.Equal([1], await scheduler.ComputeAsync(persisted.Graph, [new TaskKey("a", 4)]));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_future_of_a_cluster_is_refused_with_the_way_out()
    {
        var graph = new TaskGraphBuilder().Add(new FutureNode(new TaskKey("a"))).Build();

        var error = await Assert.ThrowsAsync<GraphException>(() => new SynchronousScheduler().ComputeAsync(graph, [new TaskKey("a")]));

        Assert.Contains("held by a cluster", error.Message, StringComparison.Ordinal);
    }
}
