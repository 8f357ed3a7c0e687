using System.Diagnostics;
using System.Globalization;
using Orleans.Dask.Simulation.Faults;

namespace Orleans.Dask.Simulation;

/// <summary>Defects planted on purpose are found, each by a seed that holds without it.</summary>
public sealed class TeethTests
{
    private const string Hang = "Hang:";
    private const string Left = "Leak:";
    private const string Wrong = "WrongAnswerException";

    /// <summary>Its name, a seed that catches it, and what it is seen as.</summary>
    public static TheoryData<string, long, string> Planted => new()
    {
        { "lost-worker-keeps-its-tasks", 50, Hang },
        { "input-goes-with-its-first-user", 2, Hang },
        { "batches-count-no-more", 8, Left },
        { "news-are-told-once", 91, Hang },
        { "commands-are-sent-once", 245, Hang },
        { "lost-values-are-not-missed", 128, Hang },
        { "news-are-confirmed-unseen", 2, Hang },
        { "reports-are-sent-once", 109, Hang },
        { "fetches-never-give-up", 2126, Hang },
        { "released-values-stay", 2, Left },
        { "sessions-share-values", 1, Wrong },
        { "open-futures-are-not-brought-back", 1, Hang },
        { "batches-are-sent-once", 54, Hang },
        { "writes-are-acknowledged-early", 4, Wrong },
        { "older-epochs-are-obeyed", 1, "A command of epoch" },
        { "later-attempts-mix-inputs", 115, "means two values" },
        { "announcers-fail-unheard", 61, "Nobody observed" },
        { "activations-take-values-along", 843, "ValueLostException" },
        { "failed-fetches-keep-their-turn", 102, Hang },
        { "failures-are-not-brought-back", 889, "GraphException" },
        { "leaving-makes-no-room", 230, Wrong },
        { "redelivered-events-come-twice", 243, "twice" },
        { "failed-subscriptions-stay", 47, "twice" },
        { "clients-are-given-up-at-once", 200, "has been silent" },
    };

    [Theory]
    [InlineData("values-found-are-not-told", "sessions", 947, Hang)]
    [InlineData("runs-keep-their-first-attempt", "sessions", 159, Hang)]
    [InlineData("late-values-are-kept", "sessions", 6, Left)]
    [InlineData("large-inputs-are-asked-for-once", "long", 227, Hang)]
    [InlineData("late-drops-unwant-successors", "again", 1, Hang)]
    [InlineData("handovers-are-tried-once", "long", 2904, Hang)]
    public void One_is_caught_in_a_harsh_workload(string name, string workload, long seed, string seenAs) => Catch(name, seed, seenAs, null, workload);

    [Fact]
    public void That_last_copies_stay_with_those_that_leave_is_caught() => Catch("last-copies-stay", 18, "Waste", Profile.Leaves);

    [Fact]
    public void That_leaving_hubs_deliver_nothing_is_caught() => Catch("leaving-hubs-deliver-nothing", 685, "after one at", Profile.Leaves, "cluster-streams");

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_defect_is_caught(string name, long seed, string seenAs) => Catch(name, seed, seenAs, null);

    private static void Catch(string name, long seed, string seenAs, Profile? profile, string? workload = null)
    {
        Assert.True(SimRun.Execute(new SimOptions(seed, workload, profile)).Held, $"Seed {seed} fails by itself.");
        var program = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet";
        using var process = Process.Start(new ProcessStartInfo(
            program, [typeof(SimRun).Assembly.Location, "--planted", name, "--seed", seed.ToString(CultureInfo.InvariantCulture), .. profile is null ? [] : (string[])["--profile", profile.Value.ToString()], .. workload is null ? [] : (string[])["--workload", workload]])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 1, output);
        Assert.Contains(seenAs, output, StringComparison.Ordinal);
    }
}
