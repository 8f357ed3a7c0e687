namespace Orleans.Dask.Streams.Tests;

public class PipelineTests
{
    [Fact]
    public void The_pipeline_of_the_report_prints_sums_and_totals()
    {
        var lines = new List<string>();
        var source = new StreamSource<int>();
        var sums = source.Map(x => x + 13).Zip(source.Map(x => 2 * x)).Map(pair => pair.Item1 + pair.Item2);
        sums.Sink(sum => lines.Add($"{sum}"));
        sums.Accumulate((total, sum) => total + sum).Sink(total => lines.Add($"total so far={total}"));
        for (var i = 0; i < 4; i++)
        {
            source.Emit(i);
        }

        Assert.Equal(["13", "total so far=13", "16", "total so far=29", "19", "total so far=48", "22", "total so far=70"], lines);
    }

    [Fact]
    public void Filters_folds_and_unions()
    {
        var (left, right, seen) = (new StreamSource<int>(), new StreamSource<int>(), new List<(int, double)>());
        left.Filter(x => x % 2 == 0).Union(right)
            .Accumulate(((int Count, int Sum) state, int x) => ((state.Count + 1, state.Sum + x), (x, (state.Sum + x) / (double)(state.Count + 1))), (0, 0))
            .Sink(seen.Add);
        left.Emit(1);
        left.Emit(2);
        right.Emit(5);
        left.Emit(8);
        Assert.Equal([(2, 2.0), (5, 3.5), (8, 5.0)], seen);
    }

    [Fact]
    public async Task An_emit_waits_until_the_other_side_of_a_zip_has_room()
    {
        var (left, right, seen) = (new StreamSource<int>(), new StreamSource<string>(), new List<(int, string)>());
        left.Zip(right, maxSize: 2).Sink(seen.Add);
        await left.EmitAsync(1);
        await left.EmitAsync(2);
        var third = left.EmitAsync(3);
        Assert.False(third.IsCompleted);
        await right.EmitAsync("a");
        await third;
        Assert.Equal([(1, "a")], seen);
        await right.EmitAsync("b");
        await right.EmitAsync("c");
        Assert.Equal([(1, "a"), (2, "b"), (3, "c")], seen);
    }

    [Fact]
    public async Task A_slow_sink_holds_the_emit_back()
    {
        var source = new StreamSource<int>();
        var seen = new List<int>();
        var gate = new TaskCompletionSource();
        source.MapAsync(async x =>
        {
            await gate.Task;
            return x * 10;
        }).SinkAsync(x =>
        {
            seen.Add(x);
            return default;
        });
        var emit = source.EmitAsync(4);
        Assert.False(emit.IsCompleted);
        Assert.Empty(seen);
        gate.SetResult();
        await emit;
        Assert.Equal([40], seen);
    }

    [Fact]
    public async Task All_nodes_get_an_event_before_any_is_waited_for()
    {
        var (source, seen, gate) = (new StreamSource<int>(), new List<int>(), new TaskCompletionSource());
        source.SinkAsync(_ => new ValueTask(gate.Task));
        source.Sink(seen.Add);
        var emit = source.EmitAsync(1);
        Assert.False(emit.IsCompleted);
        Assert.Equal([1], seen);
        gate.SetResult();
        await emit;
    }

    [Fact]
    public async Task A_failing_function_reaches_the_emit_and_the_pipeline_lives_on()
    {
        var (source, seen) = (new StreamSource<int>(), new List<int>());
        source.Map(x => 10 / x).Zip(source).Map(pair => pair.Item1).Sink(seen.Add);
        source.Emit(5);
        Assert.Throws<DivideByZeroException>(() => source.Emit(0));
        await Assert.ThrowsAsync<DivideByZeroException>(async () => await source.EmitAsync(0));
        source.Emit(2);
        Assert.Equal([2, 5], seen);
    }

    [Fact]
    public async Task Sources_that_emit_at_once_meet_one_by_one()
    {
        const int Each = 20_000;
        var sources = Enumerable.Range(0, 4).Select(_ => new StreamSource<int>()).ToArray();
        var (running, overlapped, total, pairs) = (0, 0, 0L, 0);
        var union = sources[0].Union(sources[1], sources[2], sources[3]);
        union.Sink(x =>
        {
            overlapped += Interlocked.Increment(ref running) > 1 ? 1 : 0;
            total += x;
            Interlocked.Decrement(ref running);
        });
        sources[0].Zip(sources[1]).Sink(_ => pairs++);
        await Task.WhenAll(sources.Select(source => Task.Factory.StartNew(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    await source.EmitAsync(1);
                }
            },
            TaskCreationOptions.LongRunning).Unwrap()));
        Assert.Equal((0, 4L * Each, Each), (overlapped, total, pairs));
    }

    [Fact]
    public void Circles_are_refused()
    {
        var source = new StreamSource<int>();
        var first = source.Map(x => x + 1);
        var second = first.Map(x => x * 2);
        var thrown = Assert.Throws<InvalidOperationException>(() => second.Connect((IStreamTarget<int>)first));
        Assert.Contains("circle", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sink_can_be_taken_away_while_the_pipeline_runs()
    {
        var (source, first, second) = (new StreamSource<int>(), new List<int>(), new List<int>());
        var sink = source.Sink(first.Add);
        source.Sink(second.Add);
        source.Emit(1);
        sink.Dispose();
        source.Emit(2);
        Assert.Equal([1], first);
        Assert.Equal([1, 2], second);
    }

    [Fact]
    public void An_event_on_its_way_allocates_nothing()
    {
        var source = new StreamSource<int>();
        var last = 0;
        source.Map(x => x + 1).Zip(source.Map(x => 2 * x)).Map(pair => pair.Item1 + pair.Item2).Accumulate((total, x) => total + x, 0).Sink(x => last = x);
        source.Emit(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            source.Emit(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, last);
    }

    [Fact]
    public async Task A_buffer_lets_so_many_events_in_and_tells_of_failures()
    {
        var (source, gate, seen) = (new StreamSource<int>(), new TaskCompletionSource(), new TaskCompletionSource<int>());
        source.Buffer(2).SinkAsync(async x =>
        {
            await gate.Task;
            if (x == 3)
            {
                seen.SetResult(x);
                throw new InvalidOperationException("three");
            }
        });
        await source.EmitAsync(1);
        await source.EmitAsync(2);
        await source.EmitAsync(3);
        var fourth = source.EmitAsync(4);
        gate.SetResult();
        await fourth;
        Assert.Equal(3, await seen.Task);
        var failed = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (; ; )
            {
                await source.EmitAsync(5);
            }
        });
        Assert.Equal("three", failed.InnerException!.Message);
    }
}
