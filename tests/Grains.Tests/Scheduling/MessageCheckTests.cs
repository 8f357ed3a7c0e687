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
