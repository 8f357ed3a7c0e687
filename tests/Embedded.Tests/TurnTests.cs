using Orleans.Concurrency;

namespace Orleans.Dask.Embedded.Tests;

[Alias("tests.ITurnGrain")]
public interface ITurnGrain : IGrainWithStringKey
{
    /// <summary>Some turns with awaits between; true if another thread was ever in here at the same time.</summary>
    [Alias("Busy")]
    Task<bool> BusyAsync(int turns);

    /// <summary>Calls in flight seen when this one began.</summary>
    [Alias("Enter")]
    Task<int> EnterAsync();

    [Alias("Look"), AlwaysInterleave]
    Task<int> LookAsync();

    [Alias("Read"), ReadOnly]
    Task<int> ReadAsync();

    [Alias("Open"), AlwaysInterleave]
    Task OpenAsync();

    /// <summary>Calls itself through another grain.</summary>
    [Alias("Loop")]
    Task<int> LoopAsync(ITurnGrain through, bool reentrant);

    [Alias("Ask")]
    Task<int> AskAsync(ITurnGrain whom);

    [Alias("Scheduler")]
    Task<bool> ComesBackAsync();
}

public abstract class TurnGrainBase : Grain, ITurnGrain
{
    private TaskCompletionSource _gate = new();
    private int _inside;
    private int _calls;

    public async Task<bool> BusyAsync(int turns)
    {
        var overlap = false;
        for (var i = 0; i < turns; i++)
        {
            overlap |= Interlocked.Increment(ref _inside) != 1;
            Thread.SpinWait(20);
            overlap |= Interlocked.Decrement(ref _inside) != 0;
            await Task.Yield();
        }

        return overlap;
    }

    public async Task<int> EnterAsync()
    {
        var before = _calls++;
        await _gate.Task;
        _calls--;
        return before;
    }

    public Task<int> LookAsync() => Task.FromResult(_calls);

    public async Task<int> ReadAsync()
    {
        var before = _calls++;
        await _gate.Task;
        _calls--;
        return before;
    }

    public Task OpenAsync()
    {
        var open = _gate;
        _gate = new TaskCompletionSource();
        open.SetResult();
        return Task.CompletedTask;
    }

    public async Task<int> LoopAsync(ITurnGrain through, bool reentrant)
    {
        if (!reentrant)
        {
            return await through.AskAsync(this.AsReference<ITurnGrain>());
        }

        using (RequestContext.AllowCallChainReentrancy())
        {
            return await through.AskAsync(this.AsReference<ITurnGrain>());
        }
    }

    public async Task<int> AskAsync(ITurnGrain whom) => await whom.ComesBackAsync() ? 42 : 0;

    public async Task<bool> ComesBackAsync()
    {
        var mine = TaskScheduler.Current;
        await Task.Yield();
        var back = ReferenceEquals(TaskScheduler.Current, mine);
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        back &= ReferenceEquals(TaskScheduler.Current, mine);
        return back && !ReferenceEquals(mine, TaskScheduler.Default);
    }
}

[Alias("turn")]
public sealed class TurnGrain : TurnGrainBase;

[Alias("reentrant"), Reentrant]
public sealed class ReentrantTurnGrain : TurnGrainBase;

/// <summary>One turn at a time, and which calls may interleave.</summary>
public sealed class TurnTests
{
    [Theory, InlineData("TurnGrain"), InlineData("ReentrantTurnGrain")]
    public async Task Two_turns_never_run_at_once(string kind)
    {
        await using var cluster = await InProcessCluster.StartAsync();
        var grain = Get(cluster, kind, "busy");
        var calls = Enumerable.Range(0, 200).Select(_ => Task.Run(() => grain.BusyAsync(50))).ToArray();
        Assert.DoesNotContain(true, await Task.WhenAll(calls));
    }

    [Theory, InlineData("TurnGrain"), InlineData("ReentrantTurnGrain")]
    public async Task Awaits_come_back_to_the_grain(string kind)
    {
        await using var cluster = await InProcessCluster.StartAsync();
        Assert.True(await Get(cluster, kind, "back").ComesBackAsync());
    }

    [Fact]
    public async Task Calls_wait_for_each_other_unless_they_always_interleave()
    {
        await using var cluster = await InProcessCluster.StartAsync();
        var grain = Get(cluster, "TurnGrain", "waits");
        var first = grain.EnterAsync();
        var second = grain.EnterAsync();
        Assert.Equal(1, await grain.LookAsync());
        await grain.OpenAsync();
        Assert.Equal(0, await first);
        await UntilAsync(async () => await grain.LookAsync() == 1);
        await grain.OpenAsync();
        Assert.Equal(0, await second);
    }

    [Fact]
    public async Task A_reentrant_grain_takes_calls_between_its_turns()
    {
        await using var cluster = await InProcessCluster.StartAsync();
        var grain = Get(cluster, "ReentrantTurnGrain", "in");
        var calls = Enumerable.Range(0, 3).Select(_ => grain.EnterAsync()).ToArray();
        await UntilAsync(async () => await grain.LookAsync() == 3);
        await grain.OpenAsync();
        Assert.Equal([0, 1, 2], (await Task.WhenAll(calls)).Order());
    }

    [Fact]
    public async Task Read_only_calls_share_the_grain_and_keep_others_out()
    {
        await using var cluster = await InProcessCluster.StartAsync();
        var grain = Get(cluster, "TurnGrain", "reads");
        var reads = Enumerable.Range(0, 3).Select(_ => grain.ReadAsync()).ToArray();
        await UntilAsync(async () => await grain.LookAsync() == 3);
        var write = grain.EnterAsync();
        Assert.Equal(3, await grain.LookAsync());
        await grain.OpenAsync();
        await Task.WhenAll(reads);
        await UntilAsync(async () => await grain.LookAsync() == 1);
        await grain.OpenAsync();
        Assert.Equal(0, await write);
    }

    [Fact]
    public async Task A_call_chain_that_comes_back_waits_for_itself_until_the_timeout()
    {
        await using var cluster = await InProcessCluster.StartAsync(
            configure: b => b.Configure<Orleans.Configuration.SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromMilliseconds(300)));
        var grain = Get(cluster, "TurnGrain", "loop");
        await Assert.ThrowsAsync<TimeoutException>(() => grain.LoopAsync(Get(cluster, "TurnGrain", "other"), reentrant: false));
    }

    [Fact]
    public async Task A_call_chain_may_come_back_where_that_is_allowed()
    {
        await using var cluster = await InProcessCluster.StartAsync(2);
        Assert.Equal(42, await Get(cluster, "TurnGrain", "loop").LoopAsync(Get(cluster, "TurnGrain", "other"), reentrant: true));
    }

    private static ITurnGrain Get(InProcessCluster cluster, string kind, string key) =>
        cluster.First.GrainFactory.GetGrain<ITurnGrain>(key, $"Orleans.Dask.Embedded.Tests.{kind}");

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Yield();
        }
    }
}
