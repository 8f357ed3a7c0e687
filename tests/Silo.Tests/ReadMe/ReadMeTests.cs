using System.Text.RegularExpressions;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Silo.Tests.ReadMe;

/// <summary>README.md shows what is compiled here, and what it prints.</summary>
[Collection(nameof(ReadMeTests))]
public partial class ReadMeTests
{
    [Theory]
    [InlineData("first")]
    [InlineData("csv")]
    [InlineData("arrays")]
    [InlineData("seeing")]
    [InlineData("stream")]
    public void Examples_stand_in_the_readme_as_they_are_compiled(string name)
    {
        var readMe = File.ReadAllText(ReadMePath());
        var example = Example(name);
        Assert.True(readMe.Contains($"```csharp\n{example}\n```", StringComparison.Ordinal), $"README.md lacks this block:\n```csharp\n{example}\n```");
    }

    [Fact]
    public async Task The_first_example_prints_what_the_readme_says() =>
        Assert.Equal(Output("first"), await PrintedBy(ReadMeExamples.FirstScreen));

    [Fact]
    public async Task The_arrays_print_what_the_readme_says()
    {
        using var folder = new TemporaryFolder();
        using var local = DaskScheduler.Use(new ThreadsScheduler(2));
        Assert.Equal(Output("arrays"), await PrintedBy(() => ReadMeExamples.Arrays(Path.Combine(folder.Path, "t.zarr"))));
    }

    [Fact]
    public async Task Arrays_are_seen_as_the_readme_says()
    {
        using var folder = new TemporaryFolder();
        using var local = DaskScheduler.Use(new ThreadsScheduler(2));
        Assert.Equal(Output("seeing"), await PrintedBy(() => ReadMeExamples.Seeing(folder.Path)));
        Assert.Equal(["chunks.html", "tasks.svg"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task The_stream_prints_what_the_readme_says() =>
        Assert.Equal(Output("stream"), await PrintedBy(() =>
        {
            ReadMeExamples.Stream();
            return Task.CompletedTask;
        }));

    [Fact]
    public async Task The_file_is_read_as_the_readme_says()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("rides.csv", "pickup,fare,tip\n2019-03-23 20:21:09,7.0,1.75\n2019-03-04 16:11:55,5.0,1.0\n2019-03-27 20:53:01,0.0,1.0\n");
        using var local = DaskScheduler.Use(new SynchronousScheduler());
        Assert.Equal("pickup\n16    0.20\n20    0.25\nName: tip_fraction, dtype: float64\n", await PrintedBy(() => ReadMeExamples.Csv(path)));
    }

    /// <summary>What is written below an example: the text block after it.</summary>
    private static string Output(string name)
    {
        var after = File.ReadAllText(ReadMePath()).Split($"```csharp\n{Example(name)}\n```\n", 2)[1];
        return TextBlock().Match(after).Groups[1].Value;
    }

    private static string Example(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Silo.Tests", "ReadMe", "ReadMeExamples.cs"));
        var from = Array.FindIndex(lines, line => line.Trim() == $"// README: {name}") + 1;
        var to = Array.FindIndex(lines, from, line => line.Trim() == "// README: end");
        return string.Join('\n', lines[from..to].Select(line => line.Length > 8 ? line[8..] : ""));
    }

    private static async Task<string> PrintedBy(Func<Task> run)
    {
        var (before, printed) = (Console.Out, new StringWriter { NewLine = "\n" });
        Console.SetOut(printed);
        try
        {
            await run();
        }
        finally
        {
            Console.SetOut(before);
        }

        return printed.ToString();
    }

    private static string ReadMePath() => Path.Combine(Repository.Root, "README.md");

    [GeneratedRegex(@"\A\s*```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex TextBlock();
}

/// <summary>They capture the console: nothing runs beside them.</summary>
[CollectionDefinition(nameof(ReadMeTests), DisableParallelization = true)]
public class ReadMeCollection;
