using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;
using Orleans.Dask.Grains.Scheduling;
using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Grains.Tests.Storage;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Grains.Tests.Scheduling;

/// <summary>A session with workers that take what they are sent and remember it.</summary>
public class SchedulerSessionTests
{
    // As the engine writes an address.
    private const string Worker = "127.0.0.1:11111@1";

    private readonly ScriptedWorkers _workers;
    private readonly SchedulerSession _session;
    private long _sequence;

    public SchedulerSessionTests()
    {
        var grains = DispatchProxy.Create<IGrainFactory, ScriptedWorkers>();
        _workers = (ScriptedWorkers)(object)grains;
        _session = SessionOf(grains, TimeProvider.System);
    }

    [Fact]
    public async Task No_message_to_a_worker_goes_above_the_limit()
    {
        await _session.FollowAsync([Worker]);
        var constants = Payload.FromBytes(new byte[2 << 20]);
        FunctionSpec[] functions = [.. Enumerable.Range(1, 20).Select(i => new FunctionSpec(i, Payload.FromBytes(new byte[(2 << 20) + 500_000])))];
        TaskSpec[] tasks = [.. functions.Select((function, i) => new TaskSpec(new WireKey(0, i), function.Number, [], constants))];
        _session.Submit(new SubmitBatch(1, ++_sequence, ["x"], functions, tasks, [.. tasks.Select(task => task.Key)], [], [], [], false));
        await RunAllAsync();

        Assert.Equal(20, _workers.Batches.SelectMany(batch => batch.Run).Count());
        Assert.All(_workers.Batches, batch => Assert.InRange(
            batch.Functions.Sum(function => function.Function.Length) + batch.Run.Sum(run => run.Arguments?.Length ?? 0), 0, MessageLimits.MessageBytes));
        Assert.All(_workers.Batches.SelectMany((batch, i) => batch.Run.Select(run => (run, i))),
            told => Assert.Contains(_workers.Batches.Take(told.i + 1).SelectMany(batch => batch.Functions), function => function.Number == told.run.Function));
    }

    [Fact]
    public async Task A_refused_batch_changes_nothing_and_the_next_is_taken()
    {
        await _session.FollowAsync([Worker]);
        var batch = new SubmitBatch(1, ++_sequence, ["x"], [new FunctionSpec(1, Payload.Of(1))], [new TaskSpec(new WireKey(0, 0), 1, [], null)], [new WireKey(0, 0)], [], [], [], false);
        Assert.Throws<GraphException>(() => _session.Submit(batch with { Wanted = [new WireKey(7, 0)] }));
        Assert.Equal(0, _session.State.TaskCount);
        Assert.Null(_session.Function(1));

        _session.Submit(batch);
        Assert.Equal(1, _session.State.TaskCount);
    }

    [Fact]
    public async Task A_worker_whose_report_makes_no_sense_is_joined_anew_and_its_tasks_with_it()
    {
        await _session.FollowAsync([Worker]);
        _session.Submit(new SubmitBatch(1, ++_sequence, ["x"], [new FunctionSpec(1, Payload.Of(1))], [new TaskSpec(new WireKey(0, 0), 1, [], null)], [new WireKey(0, 0)], [], [], [], false));
        Assert.Throws<ArgumentException>(() => _session.Report(new WorkerReport(Worker, 1, 1, [], [], [new WireKey(3, 0)], [], [])));
        Assert.Empty(_session.State.Workers);

        await _session.FollowAsync([Worker]);
        Assert.Equal(2, _workers.Inventories);
        Assert.Equal([1L, 1L], _workers.Batches.Select(batch => batch.Sequence));
        Assert.Equal([1, 2], _workers.Batches.SelectMany(batch => batch.Run).Select(run => run.Attempt));
    }

    [Fact]
    public async Task A_silo_that_does_not_answer_holds_up_no_other()
    {
        var silent = "127.0.0.1:22222@1";
        _workers.Silent.Add(silent);
        var joining = _session.FollowAsync([silent, Worker]);
        Assert.False(joining.IsCompleted);
        _session.Submit(new SubmitBatch(1, ++_sequence, ["x"], [new FunctionSpec(1, Payload.Of(1))], [new TaskSpec(new WireKey(0, 0), 1, [], null)], [new WireKey(0, 0)], [], [], [], false));
        await RunAllAsync();

        Assert.Equal(TaskStatusCode.Finished, _session.State.Where(new TaskKey("x")).Status);
        _session.Abandon();
    }

    [Fact]
    public async Task An_inventory_of_many_parts_is_taken_whole()
    {
        _workers.Held = 250;
        await _session.FollowAsync([Worker]);
        TaskSpec[] tasks = [.. Enumerable.Range(0, 250).Select(i => new TaskSpec(new WireKey(0, i), 1, [], null))];
        _session.Submit(new SubmitBatch(1, ++_sequence, ["held"], [new FunctionSpec(1, Payload.Of(1))], tasks, [.. tasks.Select(task => task.Key)], [], [], [], false));

        Assert.Equal(3, _workers.Inventories);
        Assert.Equal(250, _session.News.After(0, 1)!.Outcomes.Length);
        Assert.Empty(_workers.Batches);
    }

    [Fact]
    public void A_batch_waits_for_the_holders_of_its_values_that_have_not_joined_yet() => OnOneThread(() =>
    {
        var time = new ManualTime();
        var session = SessionOf((IGrainFactory)(object)_workers, time);
        _workers.Silent.Add(Worker);
        var waiting = session.HoldersJoinedAsync(Scattered(Worker), () => [Worker]);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(waiting.IsCompleted);

        // It did not answer; asked again it does.
        _workers.Silent.Clear();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.Equal([Worker], session.State.Workers.Select(worker => worker.Address));
        Assert.True(session.HoldersJoinedAsync(Scattered(Worker), () => [Worker]).IsCompletedSuccessfully);
    });

    [Fact]
    public void It_waits_no_longer_than_eight_seconds_and_for_nobody_who_is_gone() => OnOneThread(() =>
    {
        var time = new ManualTime();
        var session = SessionOf((IGrainFactory)(object)_workers, time);
        _workers.Silent.Add(Worker);
        string[] silos = [Worker];
        var waiting = session.HoldersJoinedAsync(Scattered(Worker), () => silos);
        time.Advance(TimeSpan.FromSeconds(7.9));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(waiting.IsCompletedSuccessfully);

        waiting = session.HoldersJoinedAsync(Scattered(Worker), () => silos);
        Assert.False(waiting.IsCompleted);
        silos = [];
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.True(session.HoldersJoinedAsync(Scattered(Worker), () => silos).IsCompletedSuccessfully);
    });

    [Fact]
    public void It_waits_for_no_session_that_is_over_and_for_no_value_without_a_holder() => OnOneThread(() =>
    {
        var time = new ManualTime();
        var session = SessionOf((IGrainFactory)(object)_workers, time);
        _workers.Silent.Add(Worker);

        // A value that is missing, or has no holder, is for the check of the batch.
        Assert.True(session.HoldersJoinedAsync(Scattered(Worker) with { Scattered = null! }, () => [Worker]).IsCompletedSuccessfully);
        Assert.True(session.HoldersJoinedAsync(Scattered(Worker) with { Scattered = [null!, new ScatteredValue(new WireKey(0, 0), null!, 1)] }, () => [Worker]).IsCompletedSuccessfully);

        var waiting = session.HoldersJoinedAsync(Scattered(Worker), () => [Worker]);
        Assert.False(waiting.IsCompleted);
        session.Abandon();
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(waiting.IsCompletedSuccessfully);
    });

    private static SubmitBatch Scattered(string worker) => new(1, 1, ["x"], [], [], [], [], [], [new ScatteredValue(new WireKey(0, 0), worker, 8)], false);

    // What follows an await runs at once, in the advancing of the clock: a grain's turns do so too, one after the other.
    private static void OnOneThread(Action test)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            test();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static SchedulerSession SessionOf(IGrainFactory grains, TimeProvider time) => new(
        new SessionId("s"), new OpenSession(1, VersionRule.Current, TimeSpan.FromMinutes(1), "elsewhere"), "here", new SchedulerOptions(), grains,
        new InventoryView(), new MemoryReturn(new InlineExecutor()), time, NullLogger.Instance);

    private async Task RunAllAsync()
    {
        for (var (reported, told) = (0L, 0); told < _workers.Batches.Count; told++)
        {
            await Task.Yield();
            var batch = _workers.Batches[told];
            if (batch.Run.Length > 0)
            {
                _session.Report(new WorkerReport(Worker, 1, ++reported, batch.Layers, [.. batch.Run.Select(run => new TaskFinished(run.Key, run.Attempt, TaskStatusCode.Finished, 1, 1, null, null))], [], [], []));
            }
        }
    }

    public class ScriptedWorkers : DispatchProxy
    {
        public List<CommandBatch> Batches { get; } = [];

        public HashSet<string> Silent { get; } = [];

        public int Inventories { get; private set; }

        /// <summary>Values of the layer "held" that are there before, told in parts of 100.</summary>
        public int Held { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var worker = Create<IWorkerGrain, ScriptedWorker>();
            ((ScriptedWorker)(object)worker).Answer = (method, call) => method switch
            {
                _ when Silent.Contains((string)args![0]!) => new TaskCompletionSource<Inventory>().Task,
                nameof(IWorkerGrain.InventoryAsync) => Task.FromResult(Inventory((string)args![0]!, (int)call[2]!)),
                nameof(IWorkerGrain.CommandAsync) => Task.FromResult(Take((CommandBatch)call[0]!)),
                _ => throw new InvalidOperationException($"Nothing is scripted for {method}."),
            };
            return worker;
        }

        private Inventory Inventory(string address, int from)
        {
            Inventories++;
            WireKey[] part = [.. Enumerable.Range(from, Math.Min(100, Held - from)).Select(i => new WireKey(0, i))];
            return new Inventory(new WorkerInfo(address, 1, "there", "1", 1), ["held"], part, [.. part.Select(_ => 8L)], from + part.Length < Held);
        }

        private CommandAnswer Take(CommandBatch batch)
        {
            Batches.Add(batch);
            return new CommandAnswer(batch.Epoch, batch.Sequence + 1);
        }
    }

    public class ScriptedWorker : DispatchProxy
    {
        public Func<string, object?[], object> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!.Name, args!);
    }
}
