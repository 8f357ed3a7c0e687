using System.Collections.Concurrent;
using Orleans.Dask.Silo;
using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.Streams;
using Orleans.Dask.TestKit;
using Orleans.Streams;

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

    [Fact]
    public async Task Events_published_to_an_orleans_stream_reach_a_pipeline()
    {
        await using var cluster = await LocalCluster.StartAsync(silos: 2);
        var stream = cluster.Client.OrleansStream<int>("numbers");
        var (totals, last) = (new List<int>(), new TaskCompletionSource());
        await using var events = new OrleansStreamSource<int>(stream, buffer: 4);
        events.Map(x => 2 * x).Accumulate((total, x) => total + x).Sink(total =>
        {
            totals.Add(total);
            if (totals.Count == Events)
            {
                last.SetResult();
            }
        });
        await events.StartAsync();
        var source = new StreamSource<int>();
        using var sink = source.Filter(x => x % 2 == 0).SinkTo(stream);
        for (var i = 0; i < 2 * Events; i++)
        {
            await source.EmitAsync(i);
        }

        await last.Task;
        var total = 0;
        Assert.Equal(Enumerable.Range(0, Events).Select(i => total += 4 * i), totals);
    }

    [Fact]
    public async Task A_subscription_outlives_the_silos_of_its_stream_when_it_is_kept_in_a_folder()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions
        {
            Silos = 3,
            Storage = new StorageOptions { Folder = folder.Path },
            Client = new DaskClientOptions { IsDefault = false },
        });
        var streams = Enumerable.Range(0, 8).Select(i => cluster.Client.OrleansStream<int>($"numbers-{i}")).ToArray();
        var (seen, wanted) = (new ConcurrentDictionary<int, bool>(), new SemaphoreSlim(0));
        foreach (var stream in streams)
        {
            await stream.SubscribeAsync((item, _) =>
            {
                if (seen.TryAdd(item, true))
                {
                    wanted.Release();
                }

                return Task.CompletedTask;
            });
        }

        foreach (var victim in new[] { 2, 1 })
        {
            cluster.Children[victim].Kill();
            for (var i = 0; i < streams.Length; i++)
            {
                await PublishAsync(streams[i], (victim * streams.Length) + i);
            }

            for (var i = 0; i < streams.Length; i++)
            {
                Assert.True(await wanted.WaitAsync(TimeSpan.FromSeconds(60)), $"Of {streams.Length} events published after the end of silo {victim}, {i} have arrived.");
            }
        }
    }

    // A call on its way to a silo that dies may fail; whether it was run is not known, so it is made again.
    private static async Task PublishAsync(IAsyncStream<int> stream, int item)
    {
        while (true)
        {
            try
            {
                await stream.OnNextAsync(item);
                return;
            }
            catch (OrleansException)
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_pipeline_that_failed_tells_why_when_it_ends()
    {
        await using var cluster = await LocalCluster.StartAsync(silos: 1);
        var stream = cluster.Client.OrleansStream<int>("numbers");
        var events = new OrleansStreamSource<int>(stream);
        events.Map(x => 10 / x).Sink(_ => { });
        await events.StartAsync();
        await stream.OnNextAsync(5);
        await stream.OnNextAsync(0);
        await Assert.ThrowsAsync<DivideByZeroException>(() => events.Completion);
        await Assert.ThrowsAsync<DivideByZeroException>(async () => await events.DisposeAsync());
    }
}
