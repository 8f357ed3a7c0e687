using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Session;

public sealed class SessionLinkTests
{
    private readonly ScriptedScheduler _scheduler = new();

    [Fact]
    public async Task A_submitted_call_is_sent_at_once_and_awaited()
    {
        await using var client = await Connect();
        var future = client.Submit(Inc, 41);
        Assert.Equal(42, await future);
        Assert.Equal(FutureStatus.Finished, future.Status);
        Assert.Equal($"<Future: finished, type: int, key: {future.Key}>", future.ToString());
        Assert.StartsWith("Inc-", future.Key.Layer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_while_a_message_is_out_goes_with_the_next()
    {
        var gate = new TaskCompletionSource();
        _scheduler.Gate = gate.Task;
        await using var client = await Connect();
        var futures = Enumerable.Range(0, 100).Select(i => client.Submit(Inc, i)).ToArray();
        gate.SetResult();
        await client.GatherAsync(futures);
        Assert.Equal(2, _scheduler.Batches.Count);
        Assert.Equal([1, 99], _scheduler.Batches.Select(batch => batch.Tasks.Length));
        Assert.Equal([1, 0], _scheduler.Batches.Select(batch => batch.Functions.Length));
        Assert.Equal([1L, 2L], _scheduler.Batches.Select(batch => batch.Sequence));
    }

    [Fact]
    public async Task A_disposed_future_is_no_longer_wanted()
    {
        await using var client = await Connect();
        var future = client.Submit(Inc, 1);
        await future;
        future.Dispose();
        await client.Submit(Inc, 2);
        await Until(() => _scheduler.Unwanted.Contains(future.Key));
        Assert.Throws<ObjectDisposedException>(() => client.Submit(Inc, future));
    }

    [Fact]
    public async Task A_future_that_nobody_holds_is_let_go()
    {
        await using var client = await Connect();
        var key = await SubmitAndForget(client);
        await Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return _scheduler.Unwanted.Contains(key);
        });
    }

    [Fact]
    public async Task After_the_sessions_end_a_future_given_up_leaves_the_link_alone()
    {
        var client = await Connect();
        var future = client.Submit(Inc, 1);
        await future;
        await client.DisposeAsync();
        future.Dispose();
        Assert.Equal(0, client.Link.Dropped);
    }

    [Fact]
    public async Task A_dependency_let_go_before_it_was_sent_is_sent_all_the_same()
    {
        var gate = new TaskCompletionSource();
        _scheduler.Gate = gate.Task;
        await using var client = await Connect();
        _ = client.Submit(Inc, 0);
        var first = client.Submit(Inc, 1);
        var second = client.Submit(Inc, first);
        first.Dispose();
        gate.SetResult();
        await second;
        Assert.Equal([first.Key, second.Key], _scheduler.Submitted.Skip(1));
        await Until(() => _scheduler.Unwanted.Contains(first.Key));
        Assert.DoesNotContain(second.Key, _scheduler.Unwanted);
    }

    [Fact]
    public async Task A_call_let_go_before_it_was_sent_never_is()
    {
        var gate = new TaskCompletionSource();
        _scheduler.Gate = gate.Task;
        await using var client = await Connect();
        var first = client.Submit(Inc, 0);
        var dropped = client.Submit(Inc, 1);
        dropped.Dispose();
        await Until(() => client.Link.IsDropped(dropped.Key));
        gate.SetResult();
        await client.GatherAsync([first, client.Submit(Inc, 2)]);
        Assert.DoesNotContain(dropped.Key, _scheduler.Submitted);
    }

    [Fact]
    public async Task A_lost_scheduler_is_opened_again_and_told_what_is_still_wanted()
    {
        _scheduler.Run = _ => null;
        await using var client = await Connect();
        var first = client.Submit(Inc, 1);
        var second = client.Submit(Inc, first);
        var third = client.Submit(Inc, second);
        await Until(() => _scheduler.Submitted.Count() == 3);
        second.Dispose();
        await Until(() => _scheduler.Unwanted.Contains(second.Key));
        _scheduler.Run = key => ScriptedScheduler.Finished(key, 7);
        _scheduler.Die();
        Assert.Equal(7, await third);
        Assert.Equal([1L, 2L], _scheduler.Opened);
        // The second is gone for the user, but the third is made from it.
        Assert.Equal([first.Key, second.Key, third.Key], _scheduler.Submitted.Skip(3));
        Assert.Single(_scheduler.Batches[^1].Functions);
        await Until(() => _scheduler.Unwanted.Count(key => key == second.Key) == 2);
        Assert.DoesNotContain(third.Key, _scheduler.Unwanted);
    }

    [Fact]
    public async Task Calls_that_fail_are_made_again()
    {
        await using var client = await Connect();
        _scheduler.FailNext(3);
        Assert.Equal(42, await client.Submit(Inc, 41));
    }

    [Fact]
    public async Task A_cluster_that_is_gone_for_good_ends_every_future_with_the_reason()
    {
        _scheduler.Run = _ => null;
        await using var client = await Connect(new DaskClientOptions { IsDefault = false, GiveUpAfter = TimeSpan.Zero });
        var future = client.Submit(Inc, 1);
        await Until(() => _scheduler.Submitted.Any());
        _scheduler.FailNext(int.MaxValue);
        _scheduler.Die();
        var error = await Assert.ThrowsAsync<TimeoutException>(() => future.ResultAsync());
        Assert.Contains("has not answered", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => client.Submit(Inc, 2));
    }

    [Fact]
    public async Task What_a_task_threw_reaches_its_caller()
    {
        var thrown = Assert.Throws<DivideByZeroException>(() => Inverse(0));
        _scheduler.Run = key => new Outcome(key, TaskStatusCode.Failed, 0, null, new TaskError(key, "silo-1", 2, Payload.FromBytes(Payload.Encode<object>(thrown))));
        await using var client = await Connect();
        var future = client.Submit(Inverse, 0);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => future.ResultAsync());
        Assert.Equal(future.Key, error.Key);
        Assert.Equal(("silo-1", 2), (error.Worker, error.Attempt));
        Assert.IsType<DivideByZeroException>(error.InnerException);
        Assert.Contains(nameof(Inverse), error.InnerException.StackTrace, StringComparison.Ordinal);
        Assert.Equal(FutureStatus.Error, future.Status);
    }

    [Fact]
    public async Task Cancelling_ends_the_future_here_and_tells_the_scheduler()
    {
        _scheduler.Run = _ => null;
        await using var client = await Connect();
        using var source = new CancellationTokenSource();
        var future = client.Submit(Slow, 1, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => future.ResultAsync());
        await Until(() => _scheduler.Cancelled.Contains(future.Key));
    }

    [Fact]
    public async Task A_large_constant_becomes_a_value_of_its_own()
    {
        var workers = new List<string>();
        await using var client = await Connect(written: workers.Add);
        var big = new byte[3 << 20];
        Assert.Equal(42, await client.Submit(Length, big));
        Assert.Equal(3 + 1, workers.Count);
        var scattered = Assert.Single(_scheduler.Scattered);
        Assert.Equal([scattered], _scheduler.DependenciesOf(_scheduler.Submitted.Single()));
        await Until(() => _scheduler.Unwanted.Contains(scattered));
    }

    [Fact]
    public async Task A_large_constant_that_the_cluster_lost_is_handed_over_again_while_it_is_needed()
    {
        var written = 0;
        _scheduler.Run = key => key.Layer.StartsWith("data", StringComparison.Ordinal) ? ScriptedScheduler.Finished(key, 0) : null;
        await using var client = await Connect(written: _ => Interlocked.Increment(ref written));
        var future = client.Submit(Length, new byte[3 << 20]);
        await Until(() => _scheduler.Submitted.Any());
        var data = _scheduler.Scattered.Single();
        await Until(() => _scheduler.Unwanted.Contains(data));
        _scheduler.Tell(new Outcome(data, TaskStatusCode.Lost, 0, null, null));
        await Until(() => _scheduler.Scattered.Count() == 2);
        Assert.Equal(2 * (3 + 1), written);
        Assert.Equal([data, data], _scheduler.Scattered);

        future.Dispose();
        await Until(() => _scheduler.Unwanted.Contains(future.Key));
        _scheduler.Tell(new Outcome(data, TaskStatusCode.Lost, 0, null, null));
        var other = client.Submit(Length, new byte[10]);
        _scheduler.Tell(ScriptedScheduler.Finished(other.Key, 10));
        Assert.Equal(10, await other);
        Assert.Equal(2, _scheduler.Scattered.Count());
    }

    [Fact]
    public async Task Large_data_of_a_graph_that_the_cluster_lost_is_handed_over_again()
    {
        _scheduler.Run = _ => null;
        await using var client = await Connect();
        var (data, sum) = (new TaskKey("x"), new TaskKey("y"));
        var graph = new TaskGraphBuilder().Add(new DataNode(data, new byte[3 << 20])).Add(new CallNode(sum, DelegateFunction.Of((Func<byte[], int>)Length), data)).Build();
        var computed = client.ComputeAsync(graph, [sum]);
        await Until(() => _scheduler.Submitted.Any());
        _scheduler.Tell(new Outcome(data, TaskStatusCode.Lost, 0, null, null));
        await Until(() => _scheduler.Scattered.Count() == 2);
        Assert.Equal([data, data], _scheduler.Scattered);
        _scheduler.Tell(ScriptedScheduler.Finished(sum, 5));
        Assert.Equal([5], await computed);
    }

    [Fact]
    public async Task A_value_for_a_silo_that_is_gone_goes_to_another()
    {
        _scheduler.Workers = [.. _scheduler.Workers, new WorkerInfo("silo-2", 1, "elsewhere", "0.1.0", 1)];
        var written = new List<string>();
        await using var client = await Connect(written: worker =>
        {
            written.Add(worker);
            if (worker == "silo-1")
            {
                throw new SiloUnavailableException("scripted");
            }
        });
        for (var i = 0; i < 4; i++)
        {
            await client.Submit(Length, new byte[3 << 20]);
        }

        var (values, layers) = _scheduler.Holders();
        Assert.Equal(4, layers);
        Assert.All(values, worker => Assert.Equal("silo-2", worker));
        Assert.Contains("silo-1", written);
    }

    [Fact]
    public async Task A_copy_for_a_named_silo_that_is_gone_waits_for_it_and_for_no_other()
    {
        _scheduler.Workers = [.. _scheduler.Workers, new WorkerInfo("silo-2", 1, "elsewhere", "0.1.0", 1)];
        var fails = 3;
        var written = new List<string>();
        await using var client = await Connect(written: worker =>
        {
            written.Add(worker);
            if (--fails >= 0)
            {
                throw new SiloUnavailableException("scripted");
            }
        });
        await client.ScatterAsync(new byte[10], workers: ["silo-1"]);

        Assert.Equal(["silo-1", "silo-1", "silo-1", "silo-1"], written);
    }

    [Fact]
    public async Task Where_no_silo_is_a_value_waits_for_as_many_as_are_to_keep_it()
    {
        _scheduler.Workers = [];
        await using var client = await Connect();
        var scattering = client.ScatterAsync(new byte[10], replicas: 2);
        var large = client.Submit(Length, new byte[3 << 20]);
        var one = new WorkerInfo("silo-1", 1, "elsewhere", "0.1.0", 1_000_000_000);
        _scheduler.Join(one);
        Assert.Equal(42, await large);
        Assert.False(scattering.IsCompleted);
        _scheduler.Join(one, one with { Address = "silo-2" });
        var kept = await scattering;
        Assert.Equal(["silo-1", "silo-2"], _scheduler.HoldersOf(kept.Key).Order());
    }

    [Fact]
    public async Task Where_no_silo_comes_or_too_few_are_there_a_value_finds_nobody_to_keep_it()
    {
        _scheduler.Workers = [];
        await using var client = await Connect(new DaskClientOptions { IsDefault = false, GiveUpAfter = TimeSpan.Zero });
        var nobody = await Assert.ThrowsAsync<NoWorkerException>(() => client.ScatterAsync(new byte[10]));
        Assert.Contains("there are 0 silos", nobody.Message, StringComparison.Ordinal);

        _scheduler.Join(new WorkerInfo("silo-1", 1, "elsewhere", "0.1.0", 1_000_000_000));
        await client.WaitForWorkersAsync(1);
        var tooFew = await Assert.ThrowsAsync<NoWorkerException>(() => client.ScatterAsync(new byte[10], replicas: 2));
        Assert.Contains("kept 2 times, but there are 1 silos", tooFew.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_of_another_type_is_an_error_that_names_both()
    {
        _scheduler.Run = key => ScriptedScheduler.Finished(key, "forty-two");
        await using var client = await Connect();
        var error = await Assert.ThrowsAsync<PayloadException>(() => client.Submit(Inc, 41).ResultAsync());
        Assert.Contains("System.String", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int32", error.Message, StringComparison.Ordinal);

        var graph = new TaskGraphBuilder().Add(new CallNode(new TaskKey("x"), DelegateFunction.Of((Func<Task<int>>)(() => Task.FromResult(1))))).Build();
        var ofGraph = await Assert.ThrowsAsync<PayloadException>(() => client.ComputeAsync(graph, [new TaskKey("x")]));
        Assert.Contains("System.String", ofGraph.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int32", ofGraph.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_message_to_the_scheduler_goes_above_the_limit()
    {
        _scheduler.Run = _ => null;
        var gate = new TaskCompletionSource();
        _scheduler.Gate = gate.Task;
        await using var client = await Connect();
        var futures = new List<Future<int>> { client.Submit(Length, Array.Empty<byte>()) };
        for (var i = 0; i < 8; i++)
        {
            var captured = new byte[(2 << 20) - 4_000];
            futures.Add(client.Submit((byte[] x) => x.Length + captured.Length, new byte[(2 << 20) - 4_000]));
        }

        futures.AddRange(client.Map(Inc, Enumerable.Range(0, 100_000)));
        gate.SetResult();
        await Until(() => _scheduler.Submitted.Count() == futures.Count);
        futures.ForEach(future => future.Dispose());
        await Until(() => _scheduler.Unwanted.Count() == futures.Count);

        Assert.All(_scheduler.Batches, batch => Assert.InRange(
            batch.Functions.Sum(function => function.Function.Length) + batch.Tasks.Sum(task => task.Arguments?.Length ?? 0)
            + (MessageLimits.BytesPerEntry * (long)(batch.Tasks.Length + batch.Unwanted.Length)), 0, MessageLimits.MessageBytes));
    }

    [Fact]
    public async Task A_call_of_too_many_futures_is_refused_with_the_way_out()
    {
        await using var client = await Connect();
        var one = client.Submit(Inc, 1);
        var error = Assert.Throws<ArgumentException>(() => client.Submit((int[] all) => all.Length, Enumerable.Repeat(one, MessageLimits.MostInputs + 1)));
        Assert.Contains("Combine them in a tree", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_items_of_a_map_become_values_of_their_own()
    {
        await using var client = await Connect();
        byte[][] items = [new byte[3 << 20], new byte[10], new byte[3 << 20]];
        await client.GatherAsync(client.Map(Length, items));
        Assert.Equal(2, _scheduler.Scattered.Count());
        Assert.Equal([1, 0, 1], _scheduler.Submitted.Select(key => _scheduler.DependenciesOf(key).Length));
    }

    [Fact]
    public async Task A_closure_that_captured_too_much_is_refused_with_the_way_out()
    {
        await using var client = await Connect();
        var capturing = Capturing(new byte[3 << 20]);
        var error = Assert.Throws<ArgumentException>(() => client.Submit(capturing));
        Assert.Contains("Pass the large value as an argument", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_compute_lets_go_of_what_it_wanted_and_harms_nobody_else()
    {
        _scheduler.Run = _ => null;
        await using var client = await Connect();
        var key = new TaskKey("x");
        var graph = new TaskGraphBuilder().Add(new DataNode(key, 5)).Build();
        var persisted = await client.PersistAsync(graph, [key]);
        using var cancel = new CancellationTokenSource();
        var computed = client.ComputeAsync(graph, [key], cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => computed);
        Assert.Empty(_scheduler.Cancelled);
        _scheduler.Tell(ScriptedScheduler.Finished(key, 5));
        Assert.Equal([5], await client.ComputeAsync(persisted.Graph, [key]));
    }

    [Fact]
    public async Task A_graph_is_sent_in_pieces_and_only_what_is_wanted_rides_back()
    {
        var builder = new TaskGraphBuilder();
        var inc = DelegateFunction.Of((Func<int, int>)Inc);
        builder.Add(new DataNode(new TaskKey("x", 0), 1));
        for (var i = 1; i < 10_000; i++)
        {
            builder.Add(new CallNode(new TaskKey("x", i), inc, new TaskKey("x", i - 1)));
        }

        await using var client = await Connect();
        var wanted = new TaskKey("x", 9_999);
        Assert.Equal([42], await client.ComputeAsync(builder.Build(), [wanted]));
        Assert.Equal(3, _scheduler.Batches.Count(batch => batch.Tasks.Length > 0));
        Assert.Equal(10_000, _scheduler.Submitted.Count());
        Assert.Equal([true, true, false], _scheduler.Batches.Where(batch => batch.Tasks.Length > 0).Select(batch => batch.More));
        Assert.Equal([wanted], _scheduler.Wanted);
        await Until(() => _scheduler.Unwanted.Contains(wanted));
    }

    [Fact]
    public async Task The_same_key_twice_is_one_value_until_both_are_let_go()
    {
        var graph = TaskGraph.Empty.With(new TaskGraphBuilder().Add(new DataNode(new TaskKey("x"), 5)).Build().Layers.Single());
        await using var client = await Connect();
        var one = await client.PersistAsync(graph, [new TaskKey("x")]);
        var two = await client.PersistAsync(graph, [new TaskKey("x")]);
        ((IDisposable)one).Dispose();
        Assert.Equal([42], await client.ComputeAsync(two.Graph, [new TaskKey("x")]));
        Assert.Empty(_scheduler.Unwanted);
        ((IDisposable)two).Dispose();
        await Until(() => _scheduler.Unwanted.Any());
    }

    [Fact]
    public async Task Closing_ends_the_session_and_what_is_open()
    {
        _scheduler.Run = _ => null;
        var client = await Connect();
        var future = client.Submit(Inc, 1);
        await client.DisposeAsync();
        Assert.True(_scheduler.IsClosed);
        await Assert.ThrowsAsync<TaskCanceledException>(() => future.ResultAsync());
        Assert.Throws<ObjectDisposedException>(() => client.Submit(Inc, 2));
    }

    private static Func<int> Capturing(byte[] bytes) => () => bytes.Length;

    private static int Inc(int x) => x + 1;

    private static int Inverse(int x) => 1 / x;

    private static int Length(byte[] x) => x.Length;

    private static int Slow(int x, CancellationToken token) => token.IsCancellationRequested ? 0 : x;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<TaskKey> SubmitAndForget(DaskClient client)
    {
        var future = client.Submit(Inc, 1);
        await future;
        return future.Key;
    }

    // Yields until another thread has done its part; a test that waits for ever is stopped by the runner.
    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    private Task<DaskClient> Connect(DaskClientOptions? options = null, Action<string>? written = null)
    {
        var grains = DispatchProxy.Create<IGrainFactory, ScriptedGrains>();
        ((ScriptedGrains)grains).Scheduler = _scheduler;
        ((ScriptedGrains)grains).Written = written ?? (_ => { });
        return DaskClient.ConnectAsync(grains, options ?? new DaskClientOptions { IsDefault = false });
    }
}
