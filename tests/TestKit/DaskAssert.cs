using Orleans.Dask.Grains.Interfaces;
using Xunit;

namespace Orleans.Dask.TestKit;

/// <summary>Assertions over whole answers.</summary>
public static partial class DaskAssert
{
    /// <summary>The scheduler gives what the oracle gives on the graph as it was made: equal values, in the same places.</summary>
    public static async Task SameAnswerAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, IGraphScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        var expected = await new SynchronousScheduler(optimize: false).ComputeAsync(graph, wanted);
        var actual = await scheduler.ComputeAsync(graph, wanted);
        Assert.Equal(expected, actual);
    }

    /// <summary>The optimised graph has the same wanted keys, and its values are those of the graph as it was made.</summary>
    public static async Task SameAnswerAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, FlatGraph optimised)
    {
        ArgumentNullException.ThrowIfNull(optimised);
        Assert.Equal(wanted, Array.ConvertAll(optimised.Wanted.ToArray(), id => optimised.Nodes[id].Key));
        var oracle = new SynchronousScheduler(optimize: false);
        Assert.Equal(await oracle.ComputeAsync(graph, wanted), await oracle.ComputeAsync(optimised.ToTaskGraph(), wanted));
    }
}
