using System.Collections.Concurrent;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Local;

public sealed class ThreadsSchedulerTests
{
    private static readonly ThreadsScheduler s_two = new(threads: 2);
    private static readonly TaskFunction s_inc = DelegateFunction.Of((int value) => value + 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task It_answers_as_the_oracle_does(int threads)
    {
        var scheduler = new ThreadsScheduler(threads);

        await Generate.Graph.SampleAsync((graph, wanted) => DaskAssert.SameAnswerAsync(graph, wanted, scheduler));
    }

    [Fact]
    public async Task Many_graphs_at_once_answer_as_alone()
    {
        var graphs = Enumerable.Range(500, 60).Select(seed => Generate.Graph.Layered(seed)).ToArray();

        await Task.WhenAll(graphs.Select(g => DaskAssert.SameAnswerAsync(g.Graph, g.Wanted, s_two)));
    }

    [Fact]
    public async Task A_long_chain_runs_to_its_end()
    {
        var (graph, last) = Chain(200_000);

        Assert.Equal([200_000], await s_two.ComputeAsync(graph, [last]));
    }

    [Fact]
    public async Task Nothing_wanted_is_nothing_done()
    {
        var (graph, _) = Chain(10);

        Assert.Empty(await s_two.ComputeAsync(graph, []));
        Assert.Equal([0], await s_two.ComputeAsync(graph, [new TaskKey("x", 0)]));
    }

    [Fact]
    public async Task Two_tasks_run_at_the_same_time_and_no_more()
    {
        using var meet = new Barrier(2);
        var (running, most) = (0, 0);
        var graph = Wide(20, () =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            Assert.True(meet.SignalAndWait(TimeSpan.FromSeconds(30)));
            Interlocked.Decrement(ref running);
            meet.SignalAndWait(TimeSpan.FromSeconds(30));
            return now;
        });

        await s_two.ComputeAsync(graph, Keys(20));

        Assert.Equal(2, most);
    }

    [Fact]
    public async Task The_caller_is_not_held_up()
    {
        using var free = new ManualResetEventSlim();
        var graph = Wide(1, () => free.Wait(TimeSpan.FromSeconds(30)) ? 1 : 0);

        var task = s_two.ComputeAsync(graph, Keys(1));
        Assert.False(task.IsCompleted);
        free.Set();

        Assert.Equal([1], await task);
    }

    [Fact]
    public async Task The_error_is_that_of_the_first_task_in_order_whoever_fails_first()
    {
        // 7 fails only after 100 has failed, which another thread runs meanwhile.
        using var hundredFailed = new ManualResetEventSlim();
        var graph = new TaskGraphBuilder();
        for (var i = 0; i < 200; i++)
        {
            graph.Add(new CallNode(new TaskKey("x", i), DelegateFunction.Of(int (int index) => index switch
            {
                7 => hundredFailed.Wait(TimeSpan.FromSeconds(30)) ? throw new InvalidOperationException("seven") : 0,
                100 => Fail(hundredFailed),
                _ => index,
            }), [], [i]));
        }

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => s_two.ComputeAsync(graph.Build(), Keys(200)));

        Assert.Equal("Task 'x[7]' failed: InvalidOperationException: seven", error.Message);

        static int Fail(ManualResetEventSlim failed)
        {
            failed.Set();
            throw new InvalidOperationException("a hundred");
        }
    }

    [Fact]
    public async Task What_follows_a_failure_does_not_run()
    {
        var ran = 0;
        var graph = new TaskGraphBuilder()
            .Add(new CallNode(new TaskKey("bad"), DelegateFunction.Of(int () => throw new FormatException("bad")), []))
            .Add(new CallNode(new TaskKey("after"), DelegateFunction.Of((int value) => Interlocked.Increment(ref ran)), new TaskKey("bad")))
            .Build();

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => s_two.ComputeAsync(graph, [new TaskKey("after")]));

        Assert.Equal(new TaskKey("bad"), error.Key);
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Equal(0, ran);
    }

    [Fact]
    public async Task Cancellation_reaches_what_runs_and_stops_what_has_not_begun()
    {
        using var source = new CancellationTokenSource();
        var ran = 0;
        var graph = new TaskGraphBuilder();
        for (var i = 0; i < 1000; i++)
        {
            graph.Add(new CallNode(new TaskKey("x", i), DelegateFunction.Of((CancellationToken token) =>
            {
                Interlocked.Increment(ref ran);
                source.Cancel();
                return token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
            }), []));
        }

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => s_two.ComputeAsync(graph.Build(), Keys(1000), source.Token));

        Assert.Equal(source.Token, error.CancellationToken);
        Assert.InRange(ran, 1, 2);
    }

    [Fact]
    public async Task A_task_may_cancel_itself_and_that_is_its_failure()
    {
        var graph = Wide(1, () => throw new OperationCanceledException("on my own"));

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => s_two.ComputeAsync(graph, Keys(1)));

        Assert.IsType<OperationCanceledException>(error.InnerException);
    }

    [Fact]
    public async Task A_bad_graph_is_refused_in_the_task()
    {
        var (graph, _) = Chain(3);

        await Assert.ThrowsAsync<GraphException>(() => s_two.ComputeAsync(graph, [new TaskKey("y")]));
        await Assert.ThrowsAsync<GraphException>(() => s_two.ComputeAsync(new TaskGraphBuilder().Add(new FutureNode(new TaskKey("f"))).Build(), [new TaskKey("f")]));
    }

    [Fact]
    public async Task An_asynchronous_task_gives_its_thread_back()
    {
        // All of them wait for the last; with a thread held by each, it would never come.
        var one = new ThreadsScheduler(threads: 1);
        var everybody = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;
        var graph = new TaskGraphBuilder();
        for (var i = 0; i < 10; i++)
        {
            graph.Add(new CallNode(new TaskKey("x", i), DelegateFunction.Of(async () =>
            {
                if (++begun == 10)
                {
                    everybody.SetResult(42);
                }

                return await everybody.Task;
            }), []));
        }

        Assert.Equal(Enumerable.Repeat<object?>(42, 10), await one.ComputeAsync(graph.Build(), Keys(10)));
    }

    [Fact]
    public async Task Asynchronous_tasks_come_back_in_any_number()
    {
        var graph = new TaskGraphBuilder();
        for (var i = 0; i < 5_000; i++)
        {
            graph.Add(new CallNode(new TaskKey("x", i), DelegateFunction.Of(async (int value) => { await Task.Yield(); return value; }), [], [i]));
            graph.Add(new CallNode(new TaskKey("y", i), s_inc, new TaskKey("x", i)));
        }

        graph.Add(new CallNode(new TaskKey("sum"), DelegateFunction.Of((int[] values) => values.Sum()), [.. Enumerable.Range(0, 5_000).Select(i => new TaskKey("y", i))], [new InputList(0, 5_000)]));

        Assert.Equal([5_000 * 5_001 / 2], await s_two.ComputeAsync(graph.Build(), [new TaskKey("sum")]));
    }

    [Fact]
    public async Task An_asynchronous_failure_is_a_failure()
    {
        var graph = new TaskGraphBuilder()
            .Add(new CallNode(new TaskKey("x"), DelegateFunction.Of(async Task<int> () => { await Task.Yield(); throw new FormatException("late"); }), [])).Build();

        Assert.Equal("late", (await Assert.ThrowsAsync<TaskFailedException>(() => s_two.ComputeAsync(graph, [new TaskKey("x")]))).InnerException!.Message);
    }

    [Fact]
    public async Task Tasks_may_compute_on_their_own_scheduler_to_any_depth()
    {
        var one = new ThreadsScheduler(threads: 1);

        Assert.Equal([256], await Nested(8));

        Task<object?[]> Nested(int depth) => one.ComputeAsync(
            new TaskGraphBuilder()
                .Add(Call("a", depth)).Add(Call("b", depth))
                .Add(new CallNode(new TaskKey("sum"), DelegateFunction.Of((int a, int b) => a + b), new TaskKey("a"), new TaskKey("b"))).Build(),
            [new TaskKey("sum")]);

        CallNode Call(string name, int depth) => new(new TaskKey(name), DelegateFunction.Of(() => depth == 1 ? 1 : (int)Nested(depth - 1).GetAwaiter().GetResult()[0]!), []);
    }

    [Fact]
    public async Task Tasks_may_use_Parallel_For_and_compute_within_it()
    {
        var graph = Wide(4, () =>
        {
            var sum = 0;
            Parallel.For(0, 6, i =>
            {
                var (inner, last) = Chain(50);
                Interlocked.Add(ref sum, (int)s_two.ComputeAsync(inner, [last]).GetAwaiter().GetResult()[0]!);
            });
            return sum;
        });

        Assert.Equal([300, 300, 300, 300], await s_two.ComputeAsync(graph, Keys(4)));
    }

    [Fact]
    public async Task What_a_task_leaves_in_its_context_is_not_seen_by_the_next()
    {
        var ambient = new AsyncLocal<int>();
        var graph = Wide(100, () =>
        {
            var seen = ambient.Value;
            ambient.Value = 1;
            return seen;
        });

        Assert.All(await s_two.ComputeAsync(graph, Keys(100)), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task A_small_graph_does_not_wait_for_a_large_one()
    {
        // Each of a hundred thousand tasks takes a moment until the small graph is done.
        var one = new ThreadsScheduler(threads: 1);
        var smallIsDone = false;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var large = one.ComputeAsync(Wide(100_000, () =>
        {
            begun.TrySetResult();
            if (!Volatile.Read(ref smallIsDone))
            {
                Thread.SpinWait(10_000);
            }

            return 1;
        }), Keys(100_000));
        await begun.Task;
        var (small, last) = Chain(3);

        Assert.Equal([3], await one.ComputeAsync(small, [last]));
        Assert.False(large.IsCompleted);
        Volatile.Write(ref smallIsDone, true);
        Assert.Equal(100_000, (await large).Length);
    }

    [Fact]
    public async Task Inputs_are_let_go_after_their_last_use()
    {
        // Of 100 blocks in a chain, the one being made and the one it is made from may be alive.
        var blocks = new ConcurrentBag<WeakReference>();
        var most = 0;
        var graph = new TaskGraphBuilder();
        for (var i = 0; i < 100; i++)
        {
            graph.Add(new CallNode(new TaskKey("x", i), DelegateFunction.Of((object[] inputs) =>
            {
                GC.Collect();
                InterlockedMax(ref most, blocks.Count(block => block.IsAlive));
                var made = new byte[1000];
                blocks.Add(new WeakReference(made));
                return made;
            }), i == 0 ? [] : [new TaskKey("x", i - 1)], [new InputList(0, i == 0 ? 0 : 1)]));
        }

        await new ThreadsScheduler(threads: 1).ComputeAsync(graph.Build(), [new TaskKey("x", 99)]);

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Persisted_values_stand_for_themselves()
    {
        var (graph, last) = Chain(10);

        var persisted = await s_two.PersistAsync(graph, [last]);

        Assert.Equal([10], await s_two.ComputeAsync(persisted.Graph, [last]));
        Assert.Equal(11, persisted.Graph.Find("x")!.Count);
    }

    [Fact]
    public void A_scheduler_needs_a_thread() => Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadsScheduler(threads: 0));

    private static TaskKey[] Keys(int n) => [.. Enumerable.Range(0, n).Select(i => new TaskKey("x", i))];

    private static TaskGraph Wide(int n, Func<int> body)
    {
        var builder = new TaskGraphBuilder();
        foreach (var key in Keys(n))
        {
            builder.Add(new CallNode(key, DelegateFunction.Of(body), []));
        }

        return builder.Build();
    }

    private static (TaskGraph Graph, TaskKey Last) Chain(int n)
    {
        var builder = new TaskGraphBuilder().Add(new DataNode(new TaskKey("x", 0), 0));
        for (var i = 1; i <= n; i++)
        {
            builder.Add(new CallNode(new TaskKey("x", i), s_inc, new TaskKey("x", i - 1)));
        }

        return (builder.Build(), new TaskKey("x", n));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
