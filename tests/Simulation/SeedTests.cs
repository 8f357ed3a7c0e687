using Xunit.Abstractions;

namespace Orleans.Dask.Simulation;

/// <summary>Whatever befalls the cluster: right answers, every future ended, nothing left behind.</summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_thousand_seeds_hold() => Hold(1, 2_000);

    [Fact, Trait("Category", "Soak")]
    public void Twenty_thousand_more_seeds_hold() => Hold(10_001, 20_000);

    private void Hold(long from, long count)
    {
        var failed = new List<SimResult>();
        SeedRange.Run(from, count, threads: 2, seed => new SimOptions(seed), result =>
        {
            if (!result.Held)
            {
                failed.Add(result);
                output.WriteLine(result.ToString());
            }

            return failed.Count < 10;
        });
        Assert.True(failed.Count == 0, $"Replay with: dotnet run -c Release --project tests/Simulation -- --seed N --log FILE\n{string.Join('\n', failed)}");
    }
}
