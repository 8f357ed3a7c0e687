using Orleans.Dask.Grains.Interfaces;
using Xunit.Abstractions;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Every vector of array.jsonl and own.jsonl, on every scheduler, with its own chunks and with others.</summary>
public class ArrayConformanceTests(ITestOutputHelper output)
{
    public static TheoryData<string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string>();
            foreach (var scheduler in Schedulers.Names)
            {
                foreach (var chunking in scheduler == "cluster" ? Chunkings.Names.Take(2) : Chunkings.Names)
                {
                    runs.Add(scheduler, chunking);
                }
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Answers_are_those_recorded(string scheduler, string chunking)
    {
        var passed = 0;
        var waiting = 0;
        var wrong = new List<string>();
        var (run, host) = await Schedulers.OpenAsync(scheduler);
        await using var ended = host;
        foreach (var vector in Vector.All)
        {
            if (chunking != "given" && vector.IsFixed)
            {
                continue;
            }

            if (vector.Operations().Any(NotYet.Operations.Contains))
            {
                waiting++;
                continue;
            }

            if (await Check(vector, run, chunking) is { } difference)
            {
                wrong.Add($"{vector.Id}: {difference}");
            }
            else
            {
                passed++;
            }
        }

        output.WriteLine($"{scheduler}, {chunking} chunks: {passed} pass, {wrong.Count} differ, {waiting} wait for operations that are not there yet");
        foreach (var line in wrong)
        {
            output.WriteLine(line);
        }

        Assert.True(wrong.Count == 0, $"{scheduler}, {chunking} chunks: {wrong.Count} of {wrong.Count + passed} differ:\n" + string.Join("\n", wrong.Take(4000)));
    }

    [Fact]
    public void What_is_not_there_yet_is_really_not_there() =>
        Assert.All(NotYet.Operations, o => Assert.False(SpecialForms.Names.Contains(o) || MethodBinder.Knows(Operation.MethodName(o)), o));

    private static async Task<string?> Check(Vector vector, IGraphScheduler scheduler, string chunking)
    {
        try
        {
            var got = new Interpreter(vector, Chunkings.Named(chunking)).Evaluate();
            if (vector.Error is null)
            {
                return await Answer.Compare(got, vector.Line.GetProperty("expect"), vector, scheduler);
            }

            foreach (var part in Answer.Parts(got).OfType<DaskArray>())
            {
                await Typed.Call<Task<NDArray>>(part.DType, nameof(Typed.Compute), part, scheduler);
            }

            return $"no error, expected one of kind {vector.Error}";
        }
        catch (Exception thrown)
        {
            return vector.Error is null ? $"{thrown.GetType().Name}: {thrown.Message} {(thrown is TaskFailedException ? thrown.InnerException?.ToString() : thrown is NullReferenceException or InvalidCastException or IndexOutOfRangeException or ArgumentOutOfRangeException ? thrown.StackTrace : "")}"
                : ErrorKinds.Matches(vector.Error, thrown) ? null : $"{thrown.GetType().Name} ({thrown.Message}), expected kind {vector.Error}";
        }
    }
}
