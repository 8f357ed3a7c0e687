using System.Diagnostics;
using System.Globalization;

namespace Orleans.Dask.Simulation;

/// <summary>A seed is a run: event by event, here and in any other process.</summary>
public sealed class ReplayTests
{
    private static readonly long[] s_seeds = [1, 2, 3, 5, 8, 13, 21, 34];

    public static TheoryData<long> Seeds => [.. s_seeds];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_seed_gives_the_same_events_again(long seed)
    {
        var (first, second) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var hash = SimRun.Execute(new SimOptions(seed, Log: first)).Hash;
        Assert.Equal(hash, SimRun.Execute(new SimOptions(seed, Log: second)).Hash);
        Assert.Equal(first.ToString(), second.ToString());
        Assert.Equal(hash, SimRun.Execute(new SimOptions(seed)).Hash);
    }

    [Fact]
    public void Another_process_sees_the_same_events()
    {
        foreach (var seed in s_seeds)
        {
            var here = SimRun.Execute(new SimOptions(seed)).Hash;
            Assert.Contains($"hash {here:x16}", Elsewhere(seed), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Seeds_differ() =>
        Assert.Equal(s_seeds.Length, s_seeds.Select(seed => SimRun.Execute(new SimOptions(seed)).Hash).Distinct().Count());

    private static string Elsewhere(long seed)
    {
        var program = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet";
        using var process = Process.Start(new ProcessStartInfo(program, [typeof(SimRun).Assembly.Location, "--seed", seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
