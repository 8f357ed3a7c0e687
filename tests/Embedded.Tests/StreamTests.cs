using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Dask.Embedded.Tests;

[Alias("tests.ISumGrain")]
public interface ISumGrain : IGrainWithStringKey
{
    [Alias("Listen")]
    Task ListenAsync(string stream);

    [Alias("Stop")]
    Task StopAsync();

    /// <summary>Waits until so many events came; their sum.</summary>
    [Alias("SumOf")]
    Task<int> SumOfAsync(int events);
}

[ImplicitStreamSubscription("implicit")]
[Concurrency.Reentrant]
public sealed class SumGrain : Grain, ISumGrain, IStreamSubscriptionObserver
{
    private readonly List<int> _got = [];
    private TaskCompletionSource _more = new();
    private StreamSubscriptionHandle<int>? _handle;

    public async Task ListenAsync(string stream) =>
        _handle = await this.GetStreamProvider("mem").GetStream<int>(StreamId.Create("explicit", stream)).SubscribeAsync(Take);

    public Task StopAsync() => _handle!.UnsubscribeAsync();

    public async Task<int> SumOfAsync(int events)
    {
        while (_got.Count < events)
        {
            await _more.Task;
        }

        return _got.Sum();
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<int>().ResumeAsync(Take);

    private Task Take(int item, StreamSequenceToken token)
    {
        _got.Add(item);
        var more = _more;
        _more = new TaskCompletionSource();
        more.SetResult();
        return Task.CompletedTask;
    }
}

/// <summary>Memory streams between grains and clients.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task Events_reach_every_subscriber_in_order()
    {
        await using var cluster = await StartAsync();
        var client = await cluster.AddClientAsync(b => b.AddMemoryStreams("mem"));
        var stream = ((IClusterClient)client).GetStreamProvider("mem").GetStream<int>(StreamId.Create("explicit", "s"));
        var got = new List<int>();
        var all = new TaskCompletionSource();
        await stream.SubscribeAsync((item, _) =>
        {
            got.Add(item);
            return Task.CompletedTask;
        }, () =>
        {
            all.SetResult();
            return Task.CompletedTask;
        });
        var grain = client.GetGrain<ISumGrain>("listener");
        await grain.ListenAsync("s");
        for (var i = 0; i < 100; i++)
        {
            await stream.OnNextAsync(i);
        }

        await stream.OnNextBatchAsync(Enumerable.Range(100, 900));
        await stream.OnCompletedAsync();
        await all.Task;
        Assert.Equal(Enumerable.Range(0, 1000), got);
        Assert.Equal(499_500, await grain.SumOfAsync(1000));
    }

    [Fact]
    public async Task An_implicit_subscriber_is_activated_by_the_first_event()
    {
        await using var cluster = await StartAsync();
        var stream = ((IClusterClient)cluster.First.Runtime).GetStreamProvider("mem").GetStream<int>(StreamId.Create("implicit", "me"));
        await stream.OnNextAsync(40);
        await stream.OnNextAsync(2);
        Assert.Equal(42, await cluster.First.GrainFactory.GetGrain<ISumGrain>("me").SumOfAsync(2));
    }

    [Fact]
    public async Task After_unsubscribing_nothing_comes()
    {
        await using var cluster = await StartAsync();
        var provider = ((IClusterClient)cluster.First.Runtime).GetStreamProvider("mem");
        var stream = provider.GetStream<int>(StreamId.Create("explicit", "left"));
        var leaver = cluster.First.GrainFactory.GetGrain<ISumGrain>("leaver");
        var stayer = cluster.First.GrainFactory.GetGrain<ISumGrain>("stayer");
        await leaver.ListenAsync("left");
        await stayer.ListenAsync("left");
        await stream.OnNextAsync(1);
        await leaver.SumOfAsync(1);
        await leaver.StopAsync();
        await stream.OnNextAsync(10);
        Assert.Equal(11, await stayer.SumOfAsync(2));
        Assert.Equal(1, await leaver.SumOfAsync(1));
    }

    [Fact]
    public async Task Errors_reach_the_observer_and_a_failing_event_is_tried_again()
    {
        await using var cluster = await StartAsync();
        var stream = ((IClusterClient)cluster.First.Runtime).GetStreamProvider("mem").GetStream<string>(StreamId.Create("explicit", "errors"));
        var attempts = 0;
        var error = new TaskCompletionSource<Exception>();
        await stream.SubscribeAsync(
            (_, _) => ++attempts < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask,
            e =>
            {
                error.SetResult(e);
                return Task.CompletedTask;
            });
        await stream.OnNextAsync("once");
        await stream.OnErrorAsync(new InvalidOperationException("the source broke"));
        Assert.Equal("the source broke", (await error.Task).Message);
        Assert.Equal(3, attempts);
    }

    private static Task<InProcessCluster> StartAsync() =>
        InProcessCluster.StartAsync(2, configure: b => b.AddMemoryStreams("mem").AddMemoryGrainStorage("PubSubStore"));
}
