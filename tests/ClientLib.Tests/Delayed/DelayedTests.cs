using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.DelayedValues;

public sealed class DelayedTests
{
    private static readonly SynchronousScheduler s_scheduler = new();

    [Fact]
    public async Task Calls_are_written_down_and_made_when_asked_for()
    {
        var calls = 0;
        var one = Delayed.Call((int x) => { calls++; return x + 1; }, 0);
        var two = Delayed.Call(Add, one, one);
        var text = Delayed.Call((int a, string b, double c) => $"{a}{b}{c}", two, " of ", 4.0);
        Assert.Equal(0, calls);

        Assert.Equal("2 of 4", await text.ComputeAsync(s_scheduler));

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Method_groups_take_values_and_delayed_values_in_any_mixture()
    {
        var x = Delayed.Value(10);

        Assert.Equal(3, await Delayed.Call(Add, 1, 2).ComputeAsync(s_scheduler));
        Assert.Equal(11, await Delayed.Call(Add, x, 1).ComputeAsync(s_scheduler));
        Assert.Equal(11, await Delayed.Call(Add, 1, x).ComputeAsync(s_scheduler));
        Assert.Equal(20, await Delayed.Call(Add, x, x).ComputeAsync(s_scheduler));
        Assert.Equal(-10, await Delayed.Call(Negate, x).ComputeAsync(s_scheduler));
        Assert.Equal(-1, await Delayed.Call(Negate, 1).ComputeAsync(s_scheduler));
    }

    [Fact]
    public async Task Lists_of_delayed_values_arrive_as_lists()
    {
        var parts = Enumerable.Range(0, 10).Select(i => Delayed.Call(Negate, i)).ToList();

        Assert.Equal(-45, await Delayed.Call(Sum, Delayed.List(parts)).ComputeAsync(s_scheduler));
        Assert.Equal(-45, await Delayed.Invoke<int>((List<int> values) => values.Sum(), parts).ComputeAsync(s_scheduler));
        Assert.Equal("-45-9", await Delayed.Invoke<string>((IEnumerable<int> values, int last) => $"{values.Sum()}{last}", parts, parts[9]).ComputeAsync(s_scheduler));
        var three = await Delayed.ComputeAsync(parts.GetRange(0, 3), s_scheduler);
        Assert.Equal([0, -1, -2], three);
    }

    [Fact]
    public async Task Delayed_values_are_found_in_nested_lists()
    {
        var x = Delayed.Value(1);
        var nested = Delayed.Invoke<int>(
            (object?[] items) => (int)items[0]! + (int)((object?[])((object?[])items[1]!)[1]!)[0]!,
            (object)new object?[] { x, new object?[] { 5, new object?[] { x } } });

        Assert.Equal(2, await nested.ComputeAsync(s_scheduler));
    }

    [Fact]
    public async Task Pure_calls_with_equal_arguments_are_one_task()
    {
        var calls = 0;
        int Once(int x)
        {
            calls++;
            return x;
        }

        var impure = Delayed.Call(Add, Delayed.Call(Once, 1), Delayed.Call(Once, 1));
        var pure = Delayed.Call(Add, Delayed.Call(Negate, 7, pure: true), Delayed.Call(Negate, 7, pure: true), pure: true);

        Assert.Equal(2, await impure.ComputeAsync(s_scheduler));
        Assert.Equal(2, calls);
        Assert.Equal(-14, await pure.ComputeAsync(s_scheduler));
        Assert.Equal(2, Delayed.ToGraph(pure).Count);
        Assert.Equal(pure.Key, Delayed.Call(Add, Delayed.Call(Negate, 7, pure: true), Delayed.Call(Negate, 7, pure: true), pure: true).Key);
        Assert.StartsWith("Negate-", Delayed.Call(Negate, 7, pure: true).Key.Layer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_are_delayed_calls()
    {
        var x = Delayed.Value(10);
        var y = ((x + 5) * (x - 2) / 4) % 7;

        Assert.Equal(15 * 8 / 4 % 7, await y.ComputeAsync(s_scheduler));
        Assert.Equal(-10, await (-x).ComputeAsync(s_scheduler));
        Assert.True(await (x > 9).ComputeAsync(s_scheduler));
        Assert.False(await (11 <= x).ComputeAsync(s_scheduler));
        Assert.Equal((x + 1).Key, (x + 1).Key);
    }

    [Fact]
    public async Task Asynchronous_calls_give_what_they_end_with()
    {
        static async Task<int> LaterAsync(int x)
        {
            await Task.Yield();
            return x + 1;
        }

        Assert.Equal(2, await Delayed.CallAsync(LaterAsync, Delayed.CallAsync(LaterAsync, 0)).ComputeAsync(s_scheduler));
        Assert.Equal(5, await Delayed.CallAsync(async () => { await Task.Yield(); return 5; }).ComputeAsync(s_scheduler));
    }

    [Fact]
    public async Task What_is_not_needed_does_not_run()
    {
        var unused = Delayed.Call(int () => throw new InvalidOperationException("unused"));
        var used = Delayed.Call(Negate, 1);
        _ = Delayed.Call(Add, unused, used);

        Assert.Equal(-1, await used.ComputeAsync(s_scheduler));
        Assert.Equal("lambda", (await Assert.ThrowsAsync<TaskFailedException>(() => unused.ComputeAsync(s_scheduler))).Key.Layer.Split('-')[0]);
    }

    [Fact]
    public async Task A_persisted_value_is_not_computed_again()
    {
        var calls = 0;
        var one = Delayed.Call(() => ++calls);

        var kept = await one.PersistAsync(s_scheduler);

        Assert.Equal(one.Key, kept.Key);
        Assert.Equal(2, await (kept + 1).ComputeAsync(s_scheduler));
        Assert.Equal(2, await Delayed.Call(Add, kept, kept).ComputeAsync(s_scheduler));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_wrong_promise_of_type_is_said()
    {
        var error = await Assert.ThrowsAsync<InvalidCastException>(() => Delayed.Invoke<string>(() => 1).ComputeAsync(s_scheduler));

        Assert.Equal("The delayed value was declared as System.String, but is a System.Int32. Name that type where it is made.", error.Message);
    }

    [Fact]
    public async Task A_chain_of_a_hundred_thousand_calls_computes()
    {
        var x = Delayed.Value(0);
        for (var i = 0; i < 100_000; i++)
        {
            x = Delayed.Call(Increment, x);
        }

        Assert.Equal(100_000, await x.ComputeAsync(new ThreadsScheduler(threads: 2)));
    }

    [Fact]
    public async Task Without_a_name_the_scheduler_is_the_one_in_use_then_the_last_client_then_threads()
    {
        var used = new Recording();
        var client = new Recording();
        Assert.Same(ThreadsScheduler.Shared, await Task.Run(() => DaskScheduler.Default));

        using (DaskScheduler.Use(used))
        {
            Assert.Equal(-1, await Delayed.Call(Negate, 1).ComputeAsync());
            Assert.Equal(1, used.Runs);
        }

        using (DaskScheduler.Register(client))
        {
            Assert.Same(client, DaskScheduler.Default);
            using (DaskScheduler.Use(used))
            {
                Assert.Same(used, DaskScheduler.Default);
            }
        }

        Assert.Same(ThreadsScheduler.Shared, DaskScheduler.Default);
    }

    private static int Add(int left, int right) => left + right;

    private static int Negate(int value) => -value;

    private static int Increment(int value) => value + 1;

    private static int Sum(IReadOnlyList<int> values) => values.Sum();

    private sealed class Recording : IGraphScheduler
    {
        public int Runs { get; private set; }

        public Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
        {
            Runs++;
            return s_scheduler.ComputeAsync(graph, wanted, cancellationToken);
        }

        public Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
            s_scheduler.PersistAsync(graph, wanted, cancellationToken);
    }
}
