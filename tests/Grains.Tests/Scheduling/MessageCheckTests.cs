using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Scheduling;

namespace Orleans.Dask.Grains.Tests.Scheduling;

public class MessageCheckTests
{
    private static readonly SubmitBatch s_empty = new(1, 1, ["x", "y", "z"], [], [], [], [], [], [], false);
    private static readonly WorkerReport s_silence = new("a", 1, 1, ["x"], [], [], [], []);

    private readonly TaskTable _known = new();

    public static TheoryData<string, SubmitBatch> Malformed => new()
    {
        { "layer 3 and index 0", s_empty with { Tasks = [Task(3, 0)] } },
        { "layer -1 and index 0", s_empty with { Wanted = [new WireKey(-1, 0)] } },
        { "layer 0 and index -1", s_empty with { Unwanted = [new WireKey(0, -1)] } },
        { "layer 9 and index 0", s_empty with { Cancelled = [new WireKey(9, 0)] } },
        { "layer 4 and index 0", s_empty with { Scattered = [new ScatteredValue(new WireKey(4, 0), "a", 1)] } },
        { "layer 5 and index 0", s_empty with { Tasks = [Task(0, 0, new WireKey(5, 0))] } },
        { "with -1 bytes", s_empty with { Scattered = [new ScatteredValue(new WireKey(0, 0), "a", -1)] } },
        { "lacks one of its lists", s_empty with { Layers = null! } },
        { "or the name of a layer", s_empty with { Layers = ["x", null!] } },
        { "calls function 2", s_empty with { Tasks = [Task(0, 0) with { Function = 2 }] } },
        { "calls function -2", s_empty with { Tasks = [Task(0, 0) with { Function = -2 }] } },
        { "data without a value", s_empty with { Tasks = [Task(0, 0) with { Function = 0 }] } },
        { "an alias of 0 values", s_empty with { Tasks = [Task(0, 0) with { Function = -1 }] } },
        { "under the number 0", s_empty with { Functions = [new FunctionSpec(0, Payload.Of(1))] } },
        { "'x[0]' depends on itself", s_empty with { Tasks = [Task(0, 0, new WireKey(0, 0))] } },
        { "'x[0]' depends on 'y[0]', which comes after it", s_empty with { Tasks = [Task(0, 0, new WireKey(1, 0)), Task(1, 0, new WireKey(0, 0))] } },
    };

    public static TheoryData<string, WorkerReport> MalformedReports => new()
    {
        { "layer 1 and index 0", s_silence with { Finished = [new TaskFinished(new WireKey(1, 0), 1, TaskStatusCode.Finished, 0, 0, null, null)] } },
        { "layer 0 and index -7", s_silence with { Revoked = [new WireKey(0, -7)] } },
        { "layer 2 and index 0", s_silence with { Missing = [new MissingInput(new WireKey(0, 0), new WireKey(2, 0), "b")] } },
        { "has ended as Pending", s_silence with { Finished = [new TaskFinished(new WireKey(0, 0), 1, TaskStatusCode.Pending, 0, 0, null, null)] } },
        { "has ended as Failed", s_silence with { Finished = [new TaskFinished(new WireKey(0, 0), 1, TaskStatusCode.Failed, 0, 0, null, null)] } },
        { "lacks one of its lists", s_silence with { Revoked = null! } },
    };

    private static readonly CommandBatch s_orders = new(new SessionId("s"), 1, 1, ["x", "y"], [], ["a"], [], [], [], [], "");
    private static readonly InventoryChange s_change = new("127.0.0.1:1@1", 1, new SessionId("s"), ["x"], [], []);

    public static TheoryData<string, CommandBatch> MalformedCommands => new()
    {
        { "layer 2 and index 0", s_orders with { Run = [Run(2)] } },
        { "layer -1 and index 0", s_orders with { Release = [new WireKey(-1, 0)] } },
        { "layer 0 and index -3", s_orders with { Revoke = [new WireKey(0, -3)] } },
        { "layer 7 and index 0", s_orders with { Cancel = [new WireKey(7, 0)] } },
        { "layer 5 and index 0", s_orders with { Run = [Run(0) with { Dependencies = [new WireKey(5, 0)], Holders = [0] }] } },
        { "layer -1 and index -1", s_orders with { Run = [Run(0), null!] } },
        { "worker 1 holds", s_orders with { Run = [Run(0) with { Dependencies = [new WireKey(1, 0)], Holders = [1] }] } },
        { "worker -1 holds", s_orders with { Run = [Run(0) with { Dependencies = [new WireKey(1, 0)], Holders = [-1] }] } },
        { "worker 1 holds", s_orders with { Copy = [new ValueCopy(new WireKey(0, 0), 1)] } },
        { "layer 2 and index 0", s_orders with { Copy = [new ValueCopy(new WireKey(2, 0), 0)] } },
        { "has 1 inputs and 0 holders", s_orders with { Run = [Run(0) with { Dependencies = [new WireKey(1, 0)] }] } },
        { "calls function -2", s_orders with { Run = [Run(0) with { Function = -2 }] } },
        { "calls function 0", s_orders with { Run = [Run(0) with { Function = 0 }] } },
        { "calls function -1", s_orders with { Run = [Run(0) with { Function = -1 }] } },
        { "under the number -1", s_orders with { Functions = [new FunctionSpec(-1, Payload.Of(1))] } },
        { "lack one of their lists", s_orders with { Release = null! } },
        { "lack one of their lists, or a name", s_orders with { Workers = [null!] } },
    };

    public static TheoryData<string, InventoryChange> MalformedChanges => new()
    {
        { "layer 1 and index 0", s_change with { Came = [new WireKey(1, 0)] } },
        { "layer 0 and index -1", s_change with { Went = [new WireKey(0, -1)] } },
        { "lacks one of its lists", s_change with { Layers = null! } },
        { "lacks one of its lists, or a name", s_change with { Layers = [null!] } },
    };

    [Theory]
    [MemberData(nameof(MalformedCommands))]
    public void Malformed_commands_are_refused_with_what_is_wrong(string expected, CommandBatch batch)
    {
        MessageCheck.Require(s_orders with { Run = [Run(0) with { Dependencies = [new WireKey(1, 0)], Holders = [0] }] });
        var error = Assert.Throws<ArgumentException>(() => MessageCheck.Require(batch));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(MalformedChanges))]
    public void A_malformed_change_of_a_store_is_refused_with_what_is_wrong(string expected, InventoryChange change)
    {
        MessageCheck.Require(s_change with { Came = [new WireKey(0, 0)] });
        var error = Assert.Throws<ArgumentException>(() => MessageCheck.Require(change));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_inventory_or_request_is_refused()
    {
        var worker = new WorkerInfo("a", 1, "p", "1", 1);
        MessageCheck.Require(new Inventory(worker, ["x"], [new WireKey(0, 0)], [8], false));
        Assert.Contains("layer 1", Assert.Throws<ArgumentException>(() => MessageCheck.Require(new Inventory(worker, ["x"], [new WireKey(1, 0)], [8], false))).Message, StringComparison.Ordinal);
        Assert.Contains("layer 1", Assert.Throws<ArgumentException>(() => MessageCheck.Require(new Inventory(worker, ["x"], [], [], false, [new WireKey(1, 0)]))).Message, StringComparison.Ordinal);
        Assert.Contains("1 values and 0 sizes", Assert.Throws<ArgumentException>(() => MessageCheck.Require(new Inventory(worker, ["x"], [new WireKey(0, 0)], [], false))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MessageCheck.Require(new Inventory(worker, ["x"], [new WireKey(0, 0)], [-8], false)));
        Assert.Contains("layer 3", Assert.Throws<ArgumentException>(() => MessageCheck.Require(new ReadRequest(new SessionId("s"), ["x"], [new WireKey(3, 0)], null))).Message, StringComparison.Ordinal);
    }

    private static TaskRun Run(int layer) => new(new WireKey(layer, 0), 1, 1, 1, [], [], null, false);

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_batch_is_refused_with_what_is_wrong(string expected, SubmitBatch batch)
    {
        var error = Assert.Throws<GraphException>(() => MessageCheck.Require(batch, _known, number => number == 1));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(MalformedReports))]
    public void A_malformed_report_is_refused_with_what_is_wrong(string expected, WorkerReport report)
    {
        var error = Assert.Throws<ArgumentException>(() => MessageCheck.Require(report));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_defined_before_may_be_defined_again_after_its_dependant()
    {
        _known.Add("y", 0);
        MessageCheck.Require(s_empty with { Tasks = [Task(0, 0, new WireKey(1, 0)), Task(1, 0)] }, _known, _ => true);
    }

    [Fact]
    public void Ten_thousand_changed_batches_are_refused_or_leave_the_scheduler_whole()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        for (var round = 0; round < 10_000; round++)
        {
            var scheduler = new SchedulerHarness().Join("a");
            scheduler.Submit(["w", "v: w"], wanted: ["v"]);
            var batch = new SubmitBatch(1, 2, ["w", "v", "x"], [], [.. Enumerable.Range(0, random.Next(4)).Select(_ => new TaskSpec(Key(), random.Next(-3, 3), [.. Enumerable.Range(0, random.Next(3)).Select(_ => Key())], null))],
                [Key()], [Key()], [Key()], [new ScatteredValue(Key(), random.Next(2) == 0 ? "a" : "nobody", random.Next(-1, 100))], random.Next(2) == 0);
            var count = scheduler.State.TaskCount;
            try
            {
                MessageCheck.Require(batch, scheduler.State.Tasks, number => number == 1);
            }
            catch (GraphException)
            {
                Assert.Equal(count, scheduler.State.TaskCount);
                continue;
            }

            try
            {
                // Validates the state.
                scheduler.Apply(new BatchSubmitted(batch));
                scheduler.RunAll();
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Seed {Seed}, round {round}: {error.Message}", error);
            }
        }

        WireKey Key() => new(random.Next(20) == 0 ? random.Next(-2, 6) : random.Next(3), random.Next(20) == 0 ? -1 : random.Next(2));
    }

    private static TaskSpec Task(int layer, int index, params WireKey[] inputs) => new(new WireKey(layer, index), 1, inputs, null);
}
