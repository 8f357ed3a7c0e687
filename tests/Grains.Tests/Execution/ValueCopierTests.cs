using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Grains.Tests.Storage;
using Orleans.Dask.Grains.Workers;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Grains.Tests.Execution;

/// <summary>A worker that is to keep values which others hold: what it asks of whom, and what it tells.</summary>
public sealed class ValueCopierTests : IDisposable
{
    private static readonly SessionId s_session = new("s");

    private readonly ManualTime _time = new();
    private readonly ScriptedCluster _cluster;
    private readonly ChunkStore _store;
    private readonly WorkerCore _core;
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private long _sequence;

    public ValueCopierTests()
    {
        // What goes on after an await goes on at once, on the thread of the test.
        SynchronizationContext.SetSynchronizationContext(null);
        var grains = DispatchProxy.Create<IGrainFactory, ScriptedCluster>();
        _cluster = (ScriptedCluster)(object)grains;
        var executor = new InlineExecutor();
        _store = new ChunkStore(executor, new WorkerOptions());
        var codes = new SessionCodes(new CodeStore(new CodeOptions()), new CodeOptions(), _ => throw new InvalidOperationException("No code is wanted here."), _time);
        _core = new WorkerCore(new WorkerOptions { Process = "here" }, "a", grains, executor, _store, codes, _time, NullLogger<WorkerCore>.Instance);
    }

    public void Dispose()
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        _core.Dispose();
    }

    [Fact]
    public void A_holder_that_does_not_answer_holds_up_no_other()
    {
        var silent = new TaskCompletionSource<ValuePiece[]>();
        _cluster.ReadMany = (holder, request) => holder == "silent" ? silent.Task : Task.FromResult(Whole(request));
        for (var i = 0; i < 10; i++)
        {
            Copy($"x{i}", "silent");
        }

        Copy("y", "b");

        Assert.Equal(["y"], _cluster.Kept);
    }

    [Fact]
    public void What_came_with_an_answer_is_not_asked_for_again_when_something_else_of_it_fails()
    {
        var first = new TaskCompletionSource<ValuePiece[]>();
        var asked = new List<int>();
        _cluster.ReadMany = (_, request) =>
        {
            asked.Add(request.Keys.Length);
            return asked.Count == 1 ? first.Task : Task.FromResult<ValuePiece[]>([.. request.Layers.Select(layer =>
                layer == "gone" ? new ValuePiece(-1, 0, [], null) : layer == "large" ? new ValuePiece(2_000_000, 0, new byte[ChunkStore.PieceBytes], null) : new ValuePiece(3, 0, [1, 2, 3], null))]);
        };
        _cluster.Read = _ => Task.FromException<ValuePiece?>(new InvalidOperationException("It would not be read."));
        Copy("before", "b");
        foreach (var name in new[] { "small", "gone", "large", "last" })
        {
            Copy(name, "b");
        }

        first.SetResult([new ValuePiece(3, 0, [1, 2, 3], null)]);

        Assert.Equal([1, 4], asked);
        Assert.Equal(["before", "small", "last"], _cluster.Kept);
        Assert.Equal(["gone", "large"], _cluster.Missing);
    }

    [Fact]
    public void Where_an_answer_fails_as_a_whole_each_value_is_asked_for_by_itself()
    {
        var first = new TaskCompletionSource<ValuePiece[]>();
        var asked = new List<int>();
        _cluster.ReadMany = (_, request) =>
        {
            asked.Add(request.Keys.Length);
            return asked.Count == 1 ? first.Task
                : request.Layers.Contains("bad") ? Task.FromException<ValuePiece[]>(new InvalidOperationException("It cannot travel."))
                : Task.FromResult(Whole(request));
        };
        foreach (var name in new[] { "before", "x", "bad", "y" })
        {
            Copy(name, "b");
        }

        first.SetResult([new ValuePiece(3, 0, [1, 2, 3], null)]);

        Assert.Equal([1, 3, 1, 1, 1], asked);
        Assert.Equal(["before", "x", "y"], _cluster.Kept);
        Assert.Equal(["bad"], _cluster.Missing);
    }

    [Fact]
    public void A_holder_out_of_reach_is_asked_three_times()
    {
        var asked = 0;
        _cluster.ReadMany = (_, _) =>
        {
            asked++;
            return Task.FromException<ValuePiece[]>(new SiloUnavailableException("gone"));
        };
        Copy("x", "b");
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal(3, asked);
        Assert.Equal(["x"], _cluster.Missing);
    }

    [Fact]
    public void Pieces_asked_for_ahead_of_one_that_fails_are_heard_of_all_the_same()
    {
        var unheard = new List<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs unobserved)
        {
            lock (unheard)
            {
                unheard.AddRange(unobserved.Exception.Flatten().InnerExceptions.Select(error => error.Message).Where(message => message.StartsWith("piece at", StringComparison.Ordinal)));
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            FailAhead();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        lock (unheard)
        {
            Assert.Empty(unheard);
        }

        Assert.Equal(["large"], _cluster.Missing);
    }

    // Nothing of its frame may hold what the collector is to find.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FailAhead()
    {
        _cluster.ReadMany = (_, _) => Task.FromResult<ValuePiece[]>([new ValuePiece(10_000_000, 0, new byte[ChunkStore.PieceBytes], null)]);
        _cluster.Read = offset => Task.FromException<ValuePiece?>(new InvalidOperationException($"piece at {offset}"));
        Copy("large", "b");
    }

    private static ValuePiece[] Whole(ReadRequest request) => [.. request.Keys.Select(_ => new ValuePiece(3, 0, [1, 2, 3], null))];

    private void Copy(string name, string holder) =>
        _core.Command(new CommandBatch(s_session, 1, ++_sequence, [name], [], [holder], [], [], [], [], "", [new ValueCopy(new WireKey(0, 0), 0)]));

    /// <summary>A scheduler that takes every report, and workers that answer as a test says.</summary>
    public class ScriptedCluster : DispatchProxy
    {
        public Func<string, ReadRequest, Task<ValuePiece[]>> ReadMany { get; set; } = null!;

        public Func<long, Task<ValuePiece?>> Read { get; set; } = null!;

        /// <summary>What was said to be kept.</summary>
        public List<string> Kept { get; } = [];

        /// <summary>What was said not to be had.</summary>
        public List<string> Missing { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.ReturnType == typeof(ISchedulerGrain))
            {
                var scheduler = Create<ISchedulerGrain, WorkerSessionTests.Scripted>();
                ((WorkerSessionTests.Scripted)(object)scheduler).Answer = (_, call) =>
                {
                    var report = (WorkerReport)call[0]!;
                    Kept.AddRange(report.Finished.Select(finished => report.Layers[finished.Key.Layer]));
                    Missing.AddRange(report.Missing.Select(missing => report.Layers[missing.Input.Layer]));
                    return Task.FromResult(new ReportAnswer(report.Epoch));
                };
                return scheduler;
            }

            var holder = (string)args![0]!;
            var worker = Create<IWorkerGrain, WorkerSessionTests.Scripted>();
            ((WorkerSessionTests.Scripted)(object)worker).Answer = (name, call) => name == nameof(IWorkerGrain.ReadManyAsync) ? ReadMany(holder, (ReadRequest)call[0]!) : Read((long)call[2]!);
            return worker;
        }
    }
}
