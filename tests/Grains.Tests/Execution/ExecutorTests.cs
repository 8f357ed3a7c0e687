using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Dask.Grains.Execution;

namespace Orleans.Dask.Grains.Tests.Execution;

public sealed class ExecutorTests : IDisposable
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);
    private readonly Executor _executor = new(1, NullLogger<Executor>.Instance);

    public void Dispose() => _executor.Dispose();

    [Fact]
    public void Works_run_by_priority_and_among_equals_in_order()
    {
        var order = new ConcurrentQueue<string>();
        using var gate = new ManualResetEventSlim();
        using var done = new CountdownEvent(4);
        _executor.Post(new ActionWork(() => gate.Wait(s_soon)) { Priority = long.MinValue });
        _executor.Post([Named("late", 9), Named("first", 1), Named("second", 1), Named("urgent", -5)]);
        gate.Set();

        Assert.True(done.Wait(s_soon));
        Assert.Equal(["urgent", "first", "second", "late"], order);

        ActionWork Named(string name, long priority) => new(() =>
        {
            order.Enqueue(name);
            done.Signal();
        })
        { Priority = priority };
    }

    [Fact]
    public void As_many_works_run_at_a_time_as_there_are_slots()
    {
        using var executor = new Executor(3, NullLogger<Executor>.Instance);
        using var together = new Barrier(3);
        using var done = new CountdownEvent(3);
        for (var i = 0; i < 3; i++)
        {
            executor.Post(new ActionWork(() =>
            {
                if (together.SignalAndWait(s_soon))
                {
                    done.Signal();
                }
            }));
        }

        Assert.True(done.Wait(s_soon));
    }

    [Fact]
    public void Encoding_does_not_wait_for_a_slot()
    {
        using var gate = new ManualResetEventSlim();
        using var encoded = new ManualResetEventSlim();
        _executor.Post(new ActionWork(() => gate.Wait(s_soon)));
        _executor.PostAside(new ActionWork(encoded.Set));

        Assert.True(encoded.Wait(s_soon));
        gate.Set();
    }

    [Fact]
    public void User_code_that_awaits_gives_its_slot_away_and_comes_back_to_one()
    {
        var other = new TaskCompletionSource();
        using var done = new ManualResetEventSlim();
        var threads = new List<string?>();
        _executor.Post(new ActionWork(() => ExecutorContext.Run(_executor, () => _ = UserCode())));
        _executor.Post(new ActionWork(other.SetResult));

        Assert.True(done.Wait(s_soon));
        Assert.Equal(["slot 0", "slot 0"], threads);

        async Task UserCode()
        {
            threads.Add(Thread.CurrentThread.Name);
            await other.Task;
            threads.Add(Thread.CurrentThread.Name);
            done.Set();
        }
    }

    [Fact]
    public void A_work_that_throws_costs_no_thread()
    {
        using var done = new ManualResetEventSlim();
        _executor.Post(new ActionWork(() => throw new InvalidOperationException("on purpose")));
        _executor.Post(new ActionWork(done.Set));

        Assert.True(done.Wait(s_soon));
    }
}
