using Orleans.Dask.TestKit;
using Xunit.Abstractions;

namespace Orleans.Dask.Conformance.Frames;

public class FrameConformanceTests(ITestOutputHelper output)
{
    private const string File = "frame.jsonl";

    /// <summary>So many are built; more is progress and changes this number, fewer is a loss.</summary>
    private const int Built = 111;

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
}
