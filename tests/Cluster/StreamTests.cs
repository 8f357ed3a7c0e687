using Orleans.Dask.Silo;
using Orleans.Dask.Streams;

namespace Orleans.Dask.Cluster;

/// <summary>Streams whose functions run as tasks on silo processes.</summary>
public class StreamTests
{
    private const int Events = 100;

    [Fact]
    public async Task Scattered_events_are_mapped_on_the_cluster_and_gathered_in_their_order()
    {
        await using var cluster = await LocalCluster.StartAsync(silos: 2);
        var (source, seen, last) = (new StreamSource<int>(), new List<(int, int)>(), new TaskCompletionSource());
        var squares = source.Scatter(cluster.Client).Map(x => x * x);
        var totals = squares.Accumulate((total, x) => total + x, 0);
        squares.Zip(totals).Buffer(8).Gather().Sink(pair =>
        {
            seen.Add(pair);
            if (seen.Count == Events)
            {
                last.SetResult();
            }
        });
        for (var i = 0; i < Events; i++)
        {
            await source.EmitAsync(i);
        }

        await last.Task;
        var total = 0;
        Assert.Equal(Enumerable.Range(0, Events).Select(i => (i * i, total += i * i)), seen);
    }

    [Fact]
    public async Task A_task_that_fails_fails_its_emit()
    {
        await using var cluster = await LocalCluster.StartAsync(silos: 1);
        var (source, seen) = (new StreamSource<int>(), new List<int>());
        source.Scatter(cluster.Client).Map(x => 10 / x).Gather().Sink(seen.Add);
        await source.EmitAsync(5);
        await Assert.ThrowsAsync<Grains.Interfaces.TaskFailedException>(async () => await source.EmitAsync(0));
        await source.EmitAsync(2);
        Assert.Equal([2, 5], seen);
    }
}
