namespace Orleans.Dask.Grains.Interfaces.Tests.Graph;

/// <summary>Weighs the process, so nothing else may run beside it.</summary>
[Collection(nameof(TaskGraphMemoryTests))]
[CollectionDefinition(nameof(TaskGraphMemoryTests), DisableParallelization = true)]
public sealed class TaskGraphMemoryTests
{
    [Fact]
    public void A_million_nodes_take_less_than_200_bytes_each()
    {
        const int n = 1_000_000;
        var sum = DelegateFunction.Of((int[] values) => values.Sum());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var builder = new TaskGraphBuilder().Add(new DataNode(new TaskKey("x"), 0));
        for (var i = 1; i < n; i++)
        {
            builder.Add(new CallNode(new TaskKey("x", i), sum, new TaskKey("x", i - 1)));
        }

        var graph = builder.Build();

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / n;
        Assert.True(bytes < 200, $"{bytes} bytes a node");
        Assert.Equal(n, graph.Count);
    }
}
