using Xunit.Abstractions;

namespace Orleans.Dask.Conformance.Streams;

public class StreamConformanceTests(ITestOutputHelper output)
{
    private const string File = "stream.jsonl";

    /// <summary>So many are built; more is progress and changes this number, fewer is a loss.</summary>
    private const int Built = 85;

    [Fact]
    public void Local_pipelines_answer_as_streamz_does()
    {
        if (!ConformanceFiles.Exist(File))
        {
            output.WriteLine($"No {File} here: set CONFORMANCE_DIR to run it.");
            return;
        }

        var (ran, left, wrong) = (0, 0, new List<string>());
        foreach (var vector in ConformanceFiles.Lines(File))
        {
            if (!StreamVectors.IsBuilt(vector))
            {
                left++;
                continue;
            }

            ran++;
            var (expected, found) = (StreamVectors.Expected(vector), new StreamVectors().Play(vector));
            if (expected != found)
            {
                wrong.Add($"{vector.GetProperty("id").GetString()}\n  expected {expected}\n  found    {found}");
            }
        }

        output.WriteLine($"{ran} vectors ran, {left} need operators that are not built yet.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(ran >= Built, $"{ran} vectors ran, expected {Built}.");
    }
}
