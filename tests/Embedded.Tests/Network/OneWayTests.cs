using System.Collections.Concurrent;
using Orleans.Concurrency;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests.Network;

[Alias("tests.ISlow")]
public interface ISlowGrain : IGrainWithStringKey
{
    [Alias("Take"), OneWay]
    Task TakeAsync(byte[] bytes);

    /// <summary>Asks whoever sent it before it is done.</summary>
    [Alias("TakeFrom"), OneWay]
    Task TakeFromAsync(ISlowGrain sender);

    /// <summary>Fails, and is counted.</summary>
    [Alias("Fail"), OneWay]
    Task FailAsync();

    [Alias("Ask")]
    Task AskAsync();

    /// <summary>Makes so many calls in one turn.</summary>
    [Alias("Send")]
    Task SendAsync(ISlowGrain receiver, int calls);

    [Alias("Taken"), AlwaysInterleave]
    Task<int> TakenAsync();
}

/// <summary>It does nothing until its test opens it.</summary>
[Alias("slow")]
public sealed class SlowGrain : Grain, ISlowGrain
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> s_open = new();

    private int _taken;

    public static void Open(string key) => OpenOf(key).TrySetResult();

    public async Task TakeAsync(byte[] bytes)
    {
        await OpenOf(this.GetPrimaryKeyString()).Task;
        _taken++;
    }

    public async Task TakeFromAsync(ISlowGrain sender)
    {
        await sender.AskAsync();
        _taken++;
    }

    public Task FailAsync()
    {
        _taken++;
        throw new InvalidOperationException("as the test wants it");
    }

    public Task AskAsync() => OpenOf(this.GetPrimaryKeyString()).Task;

    public async Task SendAsync(ISlowGrain receiver, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            await receiver.TakeFromAsync(this.AsReference<ISlowGrain>());
        }
    }

    public Task<int> TakenAsync() => Task.FromResult(_taken);

    private static TaskCompletionSource OpenOf(string key) => s_open.GetOrAdd(key, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>One-way calls to a grain that is slower than those who call it.</summary>
public sealed class OneWayTests
{
    private const int UnderWay = 2 * OneWayGates.Stride;

    public static TheoryData<string> Ways => ["in process", "over tcp", "from a silo over tcp"];

    [Theory, MemberData(nameof(Ways))]
    public async Task Only_so_many_are_under_way_and_the_others_leave_when_it_takes_them(string way)
    {
        const int Calls = 5000;
        await using var cluster = await StartAsync(way);
        var (sender, grain, silo) = await SlowAsync(cluster, way);
        var calls = Enumerable.Range(0, Calls).Select(_ => grain.TakeAsync(new byte[1000])).ToArray();
        Assert.InRange(calls.Count(call => call.IsCompleted), 1, UnderWay);
        Assert.Equal(0, await grain.TakenAsync());
        Assert.InRange(silo.Find(grain.GetGrainId())!.Load, 0, UnderWay + 1);
        Assert.Equal(Calls - UnderWay, sender.OneWay.Waiting);

        SlowGrain.Open(grain.GetPrimaryKeyString());
        await Task.WhenAll(calls);
        await UntilTakenAsync(grain, Calls);
        Assert.Equal(0, sender.OneWay.Waiting);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_endless_loop_stands_still_and_costs_no_more_memory(string way)
    {
        const int Length = 64 * 1024;
        await using var cluster = await StartAsync(way);
        var (sender, grain, silo) = await SlowAsync(cluster, way);
        var sent = 0;
        using var enough = new CancellationTokenSource();
        var loop = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested && sent < 100_000)
            {
                await grain.TakeAsync(new byte[Length]);
                sent++;
            }
        });
        while (sender.OneWay.Waiting == 0 && !loop.IsCompleted)
        {
            await Task.Yield();
        }

        Assert.Equal((1, UnderWay), (sender.OneWay.Waiting, sent));
        Assert.InRange(silo.Find(grain.GetGrainId())!.Load, 0, UnderWay);
        await enough.CancelAsync();
        SlowGrain.Open(grain.GetPrimaryKeyString());
        await loop;
        await UntilTakenAsync(grain, sent);
    }

    [Fact]
    public async Task A_grain_that_sends_does_not_wait_for_one_that_waits_for_it()
    {
        const int Calls = 2000;
        await using var cluster = await StartAsync("over tcp");
        var (_, grain, _) = await SlowAsync(cluster, "over tcp");
        var sender = cluster.First.GrainFactory.GetGrain<ISlowGrain>($"sender {grain.GetPrimaryKeyString()}");
        SlowGrain.Open(sender.GetPrimaryKeyString());
        await sender.SendAsync(grain, Calls);
        await UntilTakenAsync(grain, Calls);
    }

    [Fact]
    public async Task Those_that_fail_hold_up_nobody()
    {
        const int Calls = 3 * UnderWay;
        await using var cluster = await StartAsync("over tcp");
        var (sender, grain, _) = await SlowAsync(cluster, "over tcp");
        for (var i = 0; i < Calls; i++)
        {
            await grain.FailAsync();
        }

        await UntilTakenAsync(grain, Calls);
        Assert.Equal(0, sender.OneWay.Waiting);
    }

    [Fact]
    public async Task More_than_may_wait_are_refused_to_their_caller()
    {
        const int Most = 64;
        await using var cluster = await StartAsync("over tcp");
        var sender = await cluster.AddClientAsync(b => b.Configure<ConnectionOptions>(o => o.MaxPendingCalls = Most));
        var grain = sender.GetGrain<ISlowGrain>("refused");
        var calls = Enumerable.Range(0, UnderWay + Most).Select(_ => grain.TakeAsync([])).ToArray();
        var error = await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => grain.TakeAsync([]));
        Assert.Contains($"As many one-way calls wait as may at once: {Most}", error.Message, StringComparison.Ordinal);
        Assert.Equal(Most, sender.OneWay.Waiting);
        SlowGrain.Open("refused");
        await Task.WhenAll(calls);
        await UntilTakenAsync(grain, calls.Length);
    }

    [Fact]
    public async Task A_grain_for_which_too_many_calls_wait_refuses_more_with_one_line_in_the_log()
    {
        const int Most = 64;
        using var log = new LogLines();
        await using var cluster = await StartAsync("over tcp", b =>
        {
            b.Configure<ConnectionOptions>(o => o.MaxPendingCalls = Most);
            log.AddTo(b.Services);
        });
        var client = await cluster.AddClientAsync();
        var grain = client.GetGrain<ISlowGrain>("full");
        var calls = Enumerable.Range(0, 3 * Most).Select(_ => grain.AskAsync()).ToArray();
        var refused = await Task.WhenAny(calls);
        var error = await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => refused);
        Assert.Contains($"{Most} calls wait for {grain.GetGrainId()}", error.Message, StringComparison.Ordinal);
        while (calls.Count(call => call.IsFaulted) < 2 * Most)
        {
            await Task.Yield();
        }

        await grain.TakeAsync([]);
        SlowGrain.Open("full");
        await Task.WhenAll(calls.Where(call => !call.IsFaulted));
        await grain.AskAsync();
        Assert.Equal(Most, calls.Count(call => call.IsCompletedSuccessfully));
        Assert.Single(log.All, line => line.Contains("is slower than those who call it", StringComparison.Ordinal));
    }

    private static Task<InProcessCluster> StartAsync(string way, Action<ISiloBuilder>? configure = null) =>
        InProcessCluster.StartAsync(way == "from a silo over tcp" ? 2 : 1, way == "in process" ? null : new TcpNetwork(), configure);

    /// <returns>Who calls, the grain as that one calls it, and its silo: another than the caller's where there are two.</returns>
    private static async Task<(RuntimeClient Sender, ISlowGrain Grain, EmbeddedSilo Silo)> SlowAsync(InProcessCluster cluster, string way)
    {
        RuntimeClient sender = way == "over tcp" ? await cluster.AddClientAsync() : cluster.First.Runtime;
        while (true)
        {
            // A name for each test: whether it is open is known to the whole process.
            var grain = ((IGrainFactory)sender).GetGrain<ISlowGrain>($"{Guid.NewGuid():N}");
            await grain.TakenAsync();
            if (cluster.Silos[^1].Find(grain.GetGrainId()) is not null)
            {
                return (sender, grain, cluster.Silos[^1]);
            }
        }
    }

    private static async Task UntilTakenAsync(ISlowGrain grain, int calls)
    {
        while (await grain.TakenAsync() < calls)
        {
            await Task.Yield();
        }

        Assert.Equal(calls, await grain.TakenAsync());
    }
}
