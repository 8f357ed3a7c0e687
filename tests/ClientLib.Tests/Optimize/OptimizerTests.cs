using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Optimize;

public sealed class OptimizerTests
{
    [Fact]
    public Task Optimising_keeps_the_answer() =>
        Generate.Graph.SampleAsync((graph, wanted) => DaskAssert.SameAnswerAsync(graph, wanted, Optimizer.Run(graph, wanted)));

    [Fact]
    public Task Optimising_keeps_the_keys_that_are_needed_and_no_others() =>
        Generate.Graph.SampleAsync((graph, wanted) =>
        {
            var needed = new HashSet<TaskKey>();
            var open = new Stack<TaskKey>(wanted);
            while (open.TryPop(out var key))
            {
                if (needed.Add(key))
                {
                    foreach (var dependency in graph[key].Dependencies)
                    {
                        open.Push(dependency);
                    }
                }
            }

            Assert.Equal(needed.Order(), Optimizer.Run(graph, wanted).Nodes.ToArray().Select(node => node.Key).Order());
            return Task.CompletedTask;
        });

    [Fact]
    public Task Every_pass_done_twice_is_done_once() =>
        Generate.Graph.SampleAsync((graph, wanted) =>
        {
            var flat = Cull.Run(graph, wanted);
            Assert.Equal(flat.Nodes.ToArray(), Cull.Run(flat.ToTaskGraph(), wanted).Nodes.ToArray());
            foreach (var pass in Passes.Nodes)
            {
                flat = pass.Run(flat);
                Assert.Equal(flat.Nodes.ToArray(), pass.Run(flat).Nodes.ToArray());
            }

            return Task.CompletedTask;
        });

    [Fact]
    public void Passes_say_why_they_are_there_and_order_is_the_last()
    {
        Assert.All(Passes.Nodes, pass => Assert.NotEmpty(pass.Why));
        Assert.All(Passes.Layers, pass => Assert.NotEmpty(pass.Why));
        Assert.Equal("order", Passes.Nodes[^1].Name);
    }
}
