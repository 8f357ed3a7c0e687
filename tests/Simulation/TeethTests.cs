using System.Diagnostics;
using System.Globalization;

namespace Orleans.Dask.Simulation;

/// <summary>Defects planted on purpose are found, each by a seed that holds without it.</summary>
public sealed class TeethTests
{
    public static TheoryData<string, long> Planted => new()
    {
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
