using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Embedded.Tests;

[Alias("tests.ITickGrain")]
public interface ITickGrain : IGrainWithStringKey
{
    [Alias("Start")]
    Task StartAsync(TimeSpan due, TimeSpan period, bool interleave);

    [Alias("Ticks"), AlwaysInterleave]
    Task<int> TicksAsync();

    [Alias("Stop")]
    Task StopAsync();

    /// <summary>Holds the grain until so many ticks came: they can only when they interleave.</summary>
    [Alias("HoldUntil")]
    Task HoldUntilAsync(int ticks, CancellationToken cancellationToken);

    [Alias("Hang"), ResponseTimeout("00:00:05")]
    Task HangAsync(CancellationToken cancellationToken);

    [Alias("Number")]
    Task<Guid> ActivationAsync();
}

public sealed class TickGrain : Grain, ITickGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private IGrainTimer? _timer;
    private int _ticks;
    private TaskCompletionSource _ticked = new();

    public Task StartAsync(TimeSpan due, TimeSpan period, bool interleave)
    {
        _timer = this.RegisterGrainTimer(
            static (self, _) => self.TickAsync(),
            this,
            new GrainTimerCreationOptions(due, period) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task<int> TicksAsync() => Task.FromResult(_ticks);

    public Task StopAsync()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task HoldUntilAsync(int ticks, CancellationToken cancellationToken)
    {
        while (_ticks < ticks)
        {
            await _ticked.Task.WaitAsync(cancellationToken);
        }
    }

    public Task HangAsync(CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);

    public Task<Guid> ActivationAsync() => Task.FromResult(_activation);

    private Task TickAsync()
    {
        _ticks++;
        var ticked = _ticked;
        _ticked = new TaskCompletionSource();
        ticked.SetResult();
        return _ticks == 2 ? throw new InvalidOperationException("the second tick fails, the third must come") : Task.CompletedTask;
    }
}

/// <summary>Timers, timeouts and idle collection on a clock that the test moves.</summary>
public sealed class TimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_timer_ticks_when_due_and_then_every_period_though_a_tick_fails()
    {
        var (cluster, time) = await StartAsync();
        await using var _ = cluster;
        var grain = cluster.First.GrainFactory.GetGrain<ITickGrain>("t");
        await grain.StartAsync(5 * Second, 2 * Second, interleave: false);
        time.Advance(4.9 * Second);
        Assert.Equal(0, await grain.TicksAsync());
        for (var expected = 1; expected <= 4; expected++)
        {
            time.Advance(expected == 1 ? 0.1 * Second : 2 * Second);
            await UntilAsync(async () => await grain.TicksAsync() == expected);
            await grain.ActivationAsync();
        }

        await grain.StopAsync();
        time.Advance(100 * Second);
        Assert.Equal(4, await grain.TicksAsync());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Ticks_wait_for_a_call_unless_they_interleave(bool interleave)
    {
        var (cluster, time) = await StartAsync();
        await using var _ = cluster;
        var grain = cluster.First.GrainFactory.GetGrain<ITickGrain>("t");
        await grain.StartAsync(Second, Second, interleave);
        using var enough = new CancellationTokenSource();
        var holding = grain.HoldUntilAsync(1, enough.Token);
        time.Advance(1.5 * Second);
        if (interleave)
        {
            await holding;
        }
        else
        {
            // The tick is in the queue behind the call, and stays there.
            Assert.Equal(0, await grain.TicksAsync());
            Assert.False(holding.IsCompleted);
            await enough.CancelAsync();
        }
    }

    [Fact]
    public async Task A_tick_that_waits_when_its_activation_ends_goes_with_it()
    {
        var (cluster, time) = await StartAsync();
        await using var _ = cluster;
        var grain = cluster.First.GrainFactory.GetGrain<ITickGrain>("t");
        await grain.StartAsync(Second, Second, interleave: false);
        using var enough = new CancellationTokenSource();
        var call = grain.HangAsync(enough.Token);
        await grain.TicksAsync();
        time.Advance(1.5 * Second);
        Assert.Equal(0, await grain.TicksAsync());
        var activation = cluster.First.Find(grain.GetGrainId())!;
        activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "test"));
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await activation.Deactivated;

        // Sent on it would have brought the grain to life again.
        Assert.Null(cluster.First.Find(grain.GetGrainId()));
    }

    [Fact]
    public async Task A_call_fails_after_its_methods_timeout_and_not_before()
    {
        var (cluster, time) = await StartAsync();
        await using var _ = cluster;
        var grain = cluster.First.GrainFactory.GetGrain<ITickGrain>("t");
        await grain.ActivationAsync();
        using var enough = new CancellationTokenSource();
        var call = grain.HangAsync(enough.Token);
        time.Advance(4.9 * Second);
        Assert.False(call.IsCompleted);
        time.Advance(0.4 * Second);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("00:00:05", error.Message, StringComparison.Ordinal);
        await enough.CancelAsync();
    }

    [Fact]
    public async Task An_idle_grain_is_collected_and_a_used_one_stays()
    {
        var (cluster, time) = await StartAsync(b => b.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromMinutes(10)));
        await using var _ = cluster;
        var idle = cluster.First.GrainFactory.GetGrain<ITickGrain>("idle");
        var used = cluster.First.GrainFactory.GetGrain<ITickGrain>("used");
        var (idleBefore, usedBefore) = (await idle.ActivationAsync(), await used.ActivationAsync());
        var gone = cluster.First.Find(idle.GetGrainId())!.Deactivated;
        for (var minute = 0; minute < 12; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(usedBefore, await used.ActivationAsync());
        }

        await gone;
        Assert.NotEqual(idleBefore, await idle.ActivationAsync());
    }

    private static async Task<(InProcessCluster Cluster, ManualTime Time)> StartAsync(Action<ISiloBuilder>? configure = null)
    {
        var time = new ManualTime();
        var cluster = await InProcessCluster.StartAsync(configure: b =>
        {
            b.Services.AddSingleton<TimeProvider>(time);
            configure?.Invoke(b);
        });
        return (cluster, time);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Yield();
        }
    }
}
