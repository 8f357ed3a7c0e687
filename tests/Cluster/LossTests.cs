using System.Globalization;
using Orleans.Dask.Silo;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Cluster;

/// <summary>Silos that die, and parents that do.</summary>
public sealed class LossTests
{
    [Fact]
    public async Task A_killed_silo_costs_time_and_no_answer()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 3, Client = new DaskClientOptions { IsDefault = false } });
        var client = cluster.Client;
        var first = client.Map(Square, Enumerable.Range(0, 300));
        await client.GatherAsync(first);
        var second = client.Map(Inc, first);
        cluster.Children[2].Kill();
        var third = client.Map(Inc, second);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (i * i) + 2), await client.GatherAsync(third));
    }

    [Fact]
    public async Task The_silo_of_the_scheduler_may_die_in_the_middle_of_a_graph()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 3, Client = new DaskClientOptions { IsDefault = false } });
        await using var client = await cluster.ConnectAsync(1, cluster.Options.Client, CancellationToken.None);
        var first = client.Map(Square, Enumerable.Range(0, 500));
        await client.GatherAsync(first);
        var second = client.Map(Inc, first);
        cluster.Children[1].Kill();
        var third = client.Map(Inc, second);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (i * i) + 2), await client.GatherAsync(third));
        Assert.Equal(2, await client.Submit(Inc, 1));
    }

    [Fact]
    public async Task The_next_scheduler_finds_the_values_there_are_and_makes_only_what_was_lost()
    {
        const int Tasks = 200;
        using var folder = new TemporaryFolder();
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 3, Client = new DaskClientOptions { IsDefault = false } });
        await using var client = await cluster.ConnectAsync(1, cluster.Options.Client, CancellationToken.None);
        var path = folder.Path;
        var first = client.Map(i => Recorded(path, i), Enumerable.Range(0, Tasks));
        await client.GatherAsync(first);
        cluster.Children[1].Kill();
        var second = client.Map(Inc, first);
        Assert.Equal(Enumerable.Range(1, Tasks), await client.GatherAsync(second));

        // Each run left a file "task-process-...": who ran twice had run on the silo that died.
        var runs = Directory.GetFiles(path).Select(file => Path.GetFileName(file).Split('-')).ToLookup(parts => parts[0], parts => parts[1]);
        var dead = cluster.Children[1].ProcessId.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(Tasks, runs.Count);
        Assert.All(runs, run => Assert.InRange(run.Count(), 1, run.Contains(dead) ? 2 : 1));
        Assert.Contains(runs, run => !run.Contains(dead));
    }

    [Fact]
    public async Task Silos_end_when_their_parent_is_killed()
    {
        await using var program = UserProgram.Start("hold");
        var line = await program.ReadLineAsync();
        var silos = line!.Split(' ').Select(id => System.Diagnostics.Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture))).ToArray();
        Assert.Equal(2, silos.Length);
        program.Kill();
        await Task.WhenAll(silos.Select(silo => silo.WaitForExitAsync()));
        Assert.All(silos, silo => Assert.True(silo.HasExited));
    }

    [Fact]
    public async Task Disposing_leaves_no_process()
    {
        var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 2, Client = new DaskClientOptions { IsDefault = false } });
        var silos = cluster.ProcessIds.Select(System.Diagnostics.Process.GetProcessById).ToArray();
        Assert.Equal(2, await cluster.Client.Submit(Inc, 1));
        await cluster.DisposeAsync();
        await Task.WhenAll(silos.Select(silo => silo.WaitForExitAsync()));
    }

    [Fact]
    public async Task A_program_that_silos_have_never_seen_sends_its_lambdas()
    {
        await using var program = UserProgram.Start("closures");
        Assert.Equal(["4.5", "2", "10", "Point { X = 2, Y = 1 }"], await program.ReadToEndAsync());
    }

    private static int Recorded(string folder, int i)
    {
        File.WriteAllText(Path.Combine(folder, $"{i}-{Environment.ProcessId}-{Guid.NewGuid():n}"), "");
        return i;
    }

    private static int Square(int x) => x * x;

    private static int Inc(int x) => x + 1;
}
