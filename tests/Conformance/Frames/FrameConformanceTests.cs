using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.TestKit;
using Xunit.Abstractions;

namespace Orleans.Dask.Conformance.Frames;

public class FrameConformanceTests(ITestOutputHelper output)
{
    private const string File = "frame.jsonl";

    /// <summary>So many are built; more is progress and changes this number, fewer is a loss.</summary>
    private const int Built = 111;

    /// <summary>As <see cref="Built"/>, of the vectors that must fail.</summary>
    private const int BuiltErrors = 10;

    public static TheoryData<string> Cuts => ["as given", "in one", "one by one"];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Frames_answer_as_pandas_does(string cut)
    {
        if (!ConformanceFiles.Exist(File))
        {
            output.WriteLine($"No {File} here: set CONFORMANCE_DIR to run it.");
            return;
        }

        using var folder = new TemporaryFolder();
        var vectors = new FrameVectors(cut == "as given" ? new SynchronousScheduler() : new ThreadsScheduler(threads: 2), folder);
        var (ran, left, wrong) = (0, new Dictionary<string, int>(), new List<string>());
        foreach (var vector in ConformanceFiles.Lines(File).Where(vector => !vector.TryGetProperty("error", out _)))
        {
            if (cut != "as given" && vector.TryGetProperty("chunking", out _))
            {
                continue;
            }

            try
            {
                var difference = FrameAnswer.Difference(vector, await vectors.AskAsync(vector, Partitions));
                ran++;
                if (difference is not null)
                {
                    wrong.Add($"{vector.GetProperty("id").GetString()}: {difference}");
                }
            }
            catch (NotBuiltException missing)
            {
                left[missing.Message] = left.GetValueOrDefault(missing.Message) + 1;
            }
            catch (Exception thrown)
            {
                wrong.Add($"{vector.GetProperty("id").GetString()}: {thrown.GetType().Name}: {thrown.Message}");
            }
        }

        output.WriteLine($"{ran} vectors ran, {left.Values.Sum()} need what is not built yet.");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {ran}:\n{string.Join('\n', wrong)}");
        Assert.True(ran >= Built, $"{ran} vectors ran, expected {Built}.");

        int[] Partitions(int[] given) => cut switch
        {
            "in one" => [given.Sum()],
            "one by one" => [0, .. Enumerable.Repeat(1, given.Sum()), 0],
            _ => given,
        };
    }

    [Fact]
    public async Task What_pandas_refuses_is_refused_with_an_error_of_our_own()
    {
        if (!ConformanceFiles.Exist(File))
        {
            output.WriteLine($"No {File} here: set CONFORMANCE_DIR to run it.");
            return;
        }

        using var folder = new TemporaryFolder();
        var vectors = new FrameVectors(new SynchronousScheduler(), folder);
        var (ran, left, wrong) = (0, 0, new List<string>());
        foreach (var vector in ConformanceFiles.Lines(File).Where(vector => vector.TryGetProperty("error", out _)))
        {
            var id = vector.GetProperty("id").GetString();
            try
            {
                await vectors.AskAsync(vector, given => given);

                // pandas has no missing integers; here a column of integers may have some.
                if (id != "frame/error/csv-dtype-missing-01")
                {
                    wrong.Add($"{id}: no error");
                }
            }
            catch (NotBuiltException)
            {
                left++;
            }
            catch (Exception thrown)
            {
                ran++;
                var own = thrown is TaskFailedException { InnerException: { } inner } ? inner : thrown;
                if (own is not FrameException)
                {
                    wrong.Add($"{id}: {own.GetType().Name}: {own.Message}");
                }
            }
        }

        output.WriteLine($"{ran} vectors ran, {left} need what is not built yet.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(ran >= BuiltErrors, $"{ran} vectors ran, expected {BuiltErrors}.");
    }
}
