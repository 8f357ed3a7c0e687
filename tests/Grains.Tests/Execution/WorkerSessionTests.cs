using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Grains.Tests.Storage;
using Orleans.Dask.Grains.Workers;

namespace Orleans.Dask.Grains.Tests.Execution;

/// <summary>A worker without an engine: what its scheduler is told of every run, whatever user code does.</summary>
public sealed class WorkerSessionTests : IDisposable
{
    private static readonly SessionId s_session = new("s");
    private static readonly TaskKey s_task = new("x");

    private readonly ScriptedCluster _cluster;
    private readonly WorkerCore _core;
    private readonly ChunkStore _store;
    private long _sequence;

    public WorkerSessionTests()
    {
        var grains = DispatchProxy.Create<IGrainFactory, ScriptedCluster>();
        _cluster = (ScriptedCluster)(object)grains;
        var executor = new InlineExecutor();
        _store = new ChunkStore(executor, new WorkerOptions());
        var codes = new SessionCodes(new CodeStore(new CodeOptions()), new CodeOptions(), _ => throw new InvalidOperationException("No code is wanted here."), TimeProvider.System);
        _core = new WorkerCore(new WorkerOptions { Process = "here", ChecksFrozenValues = true }, "a", grains, executor, _store, codes, TimeProvider.System, NullLogger<WorkerCore>.Instance);
    }

    public void Dispose() => _core.Dispose();

    [Fact]
    public void A_value_that_throws_when_asked_for_its_size_is_a_failure()
    {
        Run(Payload.Of(new Unsizable()));

        var end = Assert.Single(_cluster.Ends);
        Assert.Equal(TaskStatusCode.Failed, end.Status);
        Assert.Equal("no size today", end.Exception!.Read<Exception>().Message);
        Assert.False(_store.Contains(s_session, s_task));
    }

    [Fact]
    public void A_value_that_cannot_be_encoded_is_kept_and_does_not_ride()
    {
        Run(Payload.Of(new Unreadable()), returnValue: true);

        var end = Assert.Single(_cluster.Ends);
        Assert.Equal((TaskStatusCode.Finished, null), (end.Status, end.Value));
        Assert.True(_store.Contains(s_session, s_task));
    }

    [Fact]
    public void A_task_that_changes_what_others_share_fails_by_name()
    {
        _cluster.Held[new TaskKey("input")] = Payload.Encode(new[] { 1, 2, 3 });
        var changes = new FunctionSpec(1, Payload.Of(DelegateFunction.Of((int[] x) => x[0]++)));
        Command(1, [new TaskRun(new WireKey(0, 0), 1, 0, 1, [new WireKey(1, 0)], [0], null, false)], function: changes);

        var end = Assert.Single(_cluster.Ends);
        Assert.Equal(TaskStatusCode.Failed, end.Status);
        Assert.Contains("'x[0]' changed it", end.Exception!.Read<Exception>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_that_a_task_changes_is_found_too()
    {
        var changes = new FunctionSpec(1, Payload.Of(DelegateFunction.Of(async (List<int> x) =>
        {
            await Task.Yield();
            x.Add(1);
        })));
        Run(Payload.Of(new object?[] { new List<int>() }), function: changes);
        SpinWait.SpinUntil(() => _cluster.Ends.Count > 0);

        Assert.Contains("'x[0]' changed it", _cluster.Ends[0].Exception!.Read<Exception>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_tells_its_load_while_a_value_is_announced()
    {
        var told = new List<bool>();
        _store.Changed = (_, _, _) =>
        {
            // Here the announcer takes its own lock, under the session's; elsewhere it holds its own and asks for the load.
            var asking = new Thread(() => _ = _core.QueuedTicks);
            asking.Start();
            told.Add(asking.Join(TimeSpan.FromSeconds(20)));
        };
        Run(Payload.Of(new byte[ChunkStore.AnnouncedBytes]));

        Assert.Equal([true], told);
        Assert.Single(_cluster.Ends);
    }

    [Fact]
    public void An_exception_that_throws_itself_is_told_of_all_the_same()
    {
        var fails = new FunctionSpec(1, Payload.Of(DelegateFunction.Of(new Func<int>(() => throw new Malicious()))));
        Run(null, function: fails);

        var end = Assert.Single(_cluster.Ends);
        Assert.Equal(TaskStatusCode.Failed, end.Status);
        Assert.Contains(nameof(Malicious), end.Exception!.Read<Exception>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_too_large_to_travel_is_told_of_in_short()
    {
        var fails = new FunctionSpec(1, Payload.Of(DelegateFunction.Of(new Func<int>(() => throw new FormatException(new string('x', 3_000_000))))));
        Run(null, function: fails);

        var told = Assert.Single(_cluster.Ends).Exception!;
        Assert.InRange(told.Length, 1, 100_000);
        Assert.Contains("FormatException: xxx", told.Read<Exception>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_that_cannot_be_read_fail_their_task_and_no_other()
    {
        var good = new TaskRun(new WireKey(0, 1), 1, 0, 0, [], [], Payload.Of(1), false);
        var bad = good with { Key = new WireKey(0, 0), Arguments = Payload.FromBytes([0xFF, 0xFE, 0xFD]) };
        Command(1, [bad, good]);

        Assert.Equal([TaskStatusCode.Failed, TaskStatusCode.Finished], _cluster.Ends.OrderBy(end => end.Key.Index).Select(end => end.Status));
    }

    [Fact]
    public void An_input_that_nobody_holds_any_more_is_told_of_and_nobody_is_asked_for_it()
    {
        Command(1, [new TaskRun(new WireKey(0, 0), 1, 0, 0, [new WireKey(1, 0)], [2], null, false)]);

        var missing = Assert.Single(_cluster.Missing);
        Assert.Equal((new WireKey(0, 0), new WireKey(1, 0), false), (missing.Task, missing.Input, missing.Unreachable));
    }

    [Fact]
    public void All_who_ask_for_a_tasks_cancellation_get_the_same()
    {
        for (var round = 0; round < 200; round++)
        {
            var task = new WorkerTask(null!, s_task, 1, [], null);
            var sources = new ConcurrentBag<CancellationTokenSource>();
            using var start = new Barrier(2);
            var other = new Thread(Ask);
            other.Start();
            Ask();
            other.Join();
            Assert.Single(sources.Distinct());

            void Ask()
            {
                start.SignalAndWait();
                sources.Add(task.Cancellation);
            }
        }
    }

    [Fact]
    public void An_inventory_of_an_older_epoch_changes_nothing()
    {
        _cluster.Held[new TaskKey("input")] = Payload.Encode(1);
        Command(2, [new TaskRun(new WireKey(0, 0), 1, 0, 0, [new WireKey(1, 0), new WireKey(2, 0)], [0, 1], null, false)]);
        Assert.True(_store.Contains(s_session, new TaskKey("input")));

        _core.Inventory(s_session, 1, 0);
        Command(2, [], revoke: [new WireKey(0, 0)]);

        // The copy goes with the only task that was to use it, for the scheduler has never heard of it.
        Assert.False(_store.Contains(s_session, new TaskKey("input")));
    }

    [Fact]
    public void A_late_batch_of_a_session_that_has_ended_does_nothing()
    {
        Run(Payload.Of(1));
        _core.Close(s_session, 1);
        _sequence = 0;
        Run(Payload.Of(1));

        Assert.Single(_cluster.Ends);
        Assert.Equal(0, _store.Count(s_session));
        Assert.Equal(0, _core.Inventory(s_session, 1, 0).Worker.Slots);
    }

    [Fact]
    public void A_session_that_begins_again_after_its_end_is_served()
    {
        Run(Payload.Of(1));
        _core.Close(s_session, 1);
        _sequence = 0;
        Run(Payload.Of(1), epoch: 2);

        Assert.Equal(2, _cluster.Ends.Count);
        _core.Close(s_session, 1);
        Assert.Equal(1, _store.Count(s_session));
    }

    private void Run(Payload? arguments, FunctionSpec? function = null, bool returnValue = false, long epoch = 1) =>
        Command(epoch, [new TaskRun(new WireKey(0, 0), 1, 0, function?.Number ?? 0, [], [], arguments, returnValue)], function: function);

    private void Command(long epoch, TaskRun[] runs, WireKey[]? revoke = null, FunctionSpec? function = null) =>
        _core.Command(new CommandBatch(s_session, epoch, ++_sequence, ["x", "input", "slow"], function is null ? [] : [function], ["b", "silent", ""], runs, revoke ?? [], [], [], ""));

    /// <summary>Schedulers that take every report, a worker "b" that holds some values, and one that never answers.</summary>
    public class ScriptedCluster : DispatchProxy
    {
        private readonly ConcurrentQueue<WorkerReport> _reports = new();

        public Dictionary<TaskKey, byte[]> Held { get; } = [];

        public IReadOnlyList<TaskFinished> Ends => [.. _reports.SelectMany(report => report.Finished)];

        public IReadOnlyList<MissingInput> Missing => [.. _reports.SelectMany(report => report.Missing)];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IGrainFactory.GetGrain) when targetMethod.ReturnType == typeof(ISchedulerGrain):
                    var scheduler = Create<ISchedulerGrain, Scripted>();
                    ((Scripted)(object)scheduler).Answer = (_, call) =>
                    {
                        var report = (WorkerReport)call[0]!;
                        _reports.Enqueue(report);
                        return Task.FromResult(new ReportAnswer(report.Epoch));
                    };
                    return scheduler;
                case nameof(IGrainFactory.GetGrain) when targetMethod.ReturnType == typeof(IWorkerGrain):
                    var worker = Create<IWorkerGrain, Scripted>();
                    ((Scripted)(object)worker).Answer = (_, call) =>
                        (string)args![0]! == "silent" ? new TaskCompletionSource<ValuePiece[]>().Task : Task.FromResult(Read((ReadRequest)call[0]!));
                    return worker;
                default:
                    throw new InvalidOperationException($"Nothing is scripted for {targetMethod}.");
            }
        }

        private ValuePiece[] Read(ReadRequest request) =>
            [.. request.Keys.Select(key => Held[new TaskKey(request.Layers[key.Layer], key.Index)]).Select(bytes => new ValuePiece(bytes.Length, 0, bytes, null))];
    }

    public class Scripted : DispatchProxy
    {
        public Func<string, object?[], object> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!.Name, args!);
    }

    private sealed class Unsizable : ISizedValue
    {
        public long SizeInBytes => throw new FormatException("no size today");
    }

    private sealed class Unreadable
    {
        public Thread Refused { get; } = Thread.CurrentThread;
    }

    private sealed class Malicious : Exception
    {
        public override string StackTrace => throw new FormatException("no stack");

        public override string Message => throw new FormatException("no message either");
    }
}
