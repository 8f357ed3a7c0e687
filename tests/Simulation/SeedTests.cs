using Orleans.Dask.Simulation.Faults;
using Orleans.Dask.Simulation.Workloads;
using Xunit.Abstractions;

namespace Orleans.Dask.Simulation;

/// <summary>Whatever befalls the cluster: right answers, every future ended, nothing left behind.</summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_thousand_seeds_hold_and_every_kind_of_fault_strikes()
    {
        var tally = Hold(1, 2_000);
        output.WriteLine(tally.ToString());
        Assert.All(Strike.All, kind => Assert.True(tally.Of(kind) > 0, $"No {kind} in 2,000 seeds."));

        // Invariant 6: in each workload a third of the activations vanishes at some turn.
        Assert.All(Workload.All.Keys.Except(Workload.Harsh), workload => Assert.True(tally.Of(Strike.Dropped, workload) > 0, $"No activation was dropped in any run of {workload}."));
    }

    [Fact, Trait("Category", "Soak")]
    public void Twenty_thousand_more_seeds_hold() => Assert.True(Hold(10_001, 20_000).Of(Strike.Crash) > 0);

    [Theory]
    [InlineData("again")]
    [InlineData("long")]
    [InlineData("sessions")]
    public void Harsh_workloads_hold(string workload)
    {
        var tally = Hold(1, 200, workload: workload);
        Assert.True(tally.Of(Strike.Succession) > 0, $"No {Strike.Succession} in 200 seeds.");
    }

    [Fact]
    public void Silos_that_leave_in_good_order_cost_no_value_and_no_second_run() => Hold(1, 300, Profile.Leaves);

    private Tally Hold(long from, long count, Profile? profile = null, string? workload = null)
    {
        var failed = new List<SimResult>();
        var tally = new Tally();
        SeedRange.Run(from, count, threads: 2, seed => new SimOptions(seed, workload, profile), result =>
        {
            tally.Add(result);
            if (!result.Held)
            {
                failed.Add(result);
                output.WriteLine(result.ToString());
            }

            return failed.Count < 10;
        });
        Assert.True(failed.Count == 0, $"Replay with: dotnet run -c Release --project tests/Simulation -- --seed N --log FILE\n{string.Join('\n', failed)}");
        Assert.Empty(Unobserved.Take());
        return tally;
    }
}
