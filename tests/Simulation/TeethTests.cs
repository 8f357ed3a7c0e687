using System.Diagnostics;
using System.Globalization;

namespace Orleans.Dask.Simulation;

/// <summary>Defects planted on purpose are found, each by a seed that holds without it.</summary>
public sealed class TeethTests
{
    public static TheoryData<string, long> Planted => new()
    {
        { "lost-worker-keeps-its-tasks", 23 },
        { "input-goes-with-its-first-user", 2 },
        { "batches-count-no-more", 98 },
        { "news-are-told-once", 2 },
        { "commands-are-sent-once", 303 },
        { "lost-values-are-not-missed", 3 },
        { "news-are-confirmed-unseen", 2 },
        { "reports-are-sent-once", 50 },
        { "fetches-never-give-up", 14 },
        { "released-values-stay", 2 },
        { "sessions-share-values", 1 },
        { "open-futures-are-not-brought-back", 1 },
        { "batches-are-sent-once", 1 },
        { "writes-are-acknowledged-early", 4 },
    };

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_defect_is_caught(string name, long seed)
    {
        Assert.True(SimRun.Execute(new SimOptions(seed)).Held, $"Seed {seed} fails by itself.");
        var program = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet";
        using var process = Process.Start(new ProcessStartInfo(
            program, [typeof(SimRun).Assembly.Location, "--planted", name, "--seed", seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 1, output);
    }
}
