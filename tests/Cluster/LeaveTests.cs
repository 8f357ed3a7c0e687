using System.Diagnostics;
using System.Globalization;
using Orleans.Dask.Silo;
using Orleans.Dask.Silo.Commands;
using Orleans.Dask.Silo.Processes;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Cluster;

/// <summary>Silos that leave while others stay: they take nothing with them.</summary>
public sealed class LeaveTests
{
    private const int Tasks = 150;

    /// <summary>The scheduler lives on silo 1, the membership table is kept by silo 0.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_silo_that_stops_loses_no_value_and_no_work(int silo)
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await StartAsync(3);
        await using var client = await cluster.ConnectAsync(1, cluster.Options.Client with { IsDefault = false }, CancellationToken.None);
        await client.WaitForWorkersAsync(3);
        var path = folder.Path;
        var address = cluster.Children[silo].Report.Address;
        var scattered = new List<Future<double[]>>();
        for (var i = 0; i < 20; i++)
        {
            // Some of more than one piece, and all of them on the one that goes.
            scattered.Add(await client.ScatterAsync(Numbers(i, i % 5 == 0 ? 300_000 : 100), workers: [address]));
        }

        var done = client.Map(i => Recorded(path, i), Enumerable.Range(0, Tasks));
        await client.GatherAsync(done);
        var underWay = client.Map(i => Recorded(path, Tasks + i), done);
        await underWay[0];
        await cluster.Children[silo].StopAsync();
        Assert.Equal(0, cluster.Children[silo].ExitCode);

        Assert.Equal(Enumerable.Range(0, Tasks), await client.GatherAsync(done));
        Assert.Equal(Enumerable.Range(Tasks, Tasks), await client.GatherAsync(underWay));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => Numbers(i, i % 5 == 0 ? 300_000 : 100).Sum()), await client.GatherAsync(client.Map(Sum, scattered)));
        var back = await client.GatherAsync(scattered);
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(Numbers(i, i % 5 == 0 ? 300_000 : 100), back[i]));

        // Each run left a file "task-...".
        var runs = Directory.GetFiles(path).CountBy(file => Path.GetFileName(file).Split('-')[0]).ToArray();
        Assert.Equal(2 * Tasks, runs.Length);
        Assert.DoesNotContain(runs, run => run.Value > 1);
    }

    [Fact]
    public async Task Silos_may_leave_one_after_the_other_until_one_has_everything()
    {
        await using var cluster = await StartAsync(3);
        await using var client = await cluster.ConnectAsync(2, cluster.Options.Client with { IsDefault = false }, CancellationToken.None);
        await client.WaitForWorkersAsync(3);
        var scattered = await client.ScatterAllAsync(Enumerable.Range(0, 60).Select(i => Numbers(i, 50)));
        await cluster.Children[0].StopAsync();
        await cluster.Children[1].StopAsync();

        var back = await client.GatherAsync(scattered);
        Assert.All(Enumerable.Range(0, 60), i => Assert.Equal(Numbers(i, 50), back[i]));
    }

    [Fact]
    public async Task Silos_of_one_process_hand_their_values_over_too()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 2, Processes = false, Client = new DaskClientOptions { IsDefault = false } });
        var client = cluster.Client;
        var scattered = await client.ScatterAllAsync(Enumerable.Range(0, 10).Select(i => Numbers(i, 50)));
        await cluster.Hosts[1].StopAsync();

        var back = await client.GatherAsync(scattered);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(Numbers(i, 50), back[i]));
    }

    [Fact]
    public async Task A_silo_that_is_terminated_hands_over_as_well()
    {
        await using var cluster = await StartAsync(2);
        var client = cluster.Client;
        var value = await client.ScatterAsync(Numbers(7, 100), workers: [cluster.Children[1].Report.Address]);
        Assert.Equal(0, NativeSignals.Kill(cluster.Children[1].ProcessId, NativeSignals.Terminate));
        await cluster.Children[1].WaitForExitAsync();

        Assert.Equal(Numbers(7, 100), await value);
        Assert.Equal(0, cluster.Children[1].ExitCode);
    }

    [Fact, System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_started_silo_that_was_declared_dead_ends_with_a_line_and_a_code()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await StartAsync(1);
        var secret = Path.Combine(folder.Path, "secret");
        await using (var file = new StreamWriter(new FileStream(secret, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly })))
        {
            await file.WriteAsync(cluster.Options.Client.Secret);
        }

        using var silo = Process.Start(new ProcessStartInfo(SiloProgram.Host,
        [
            .. SiloProgram.Arguments, "start", "--primary", cluster.Children[0].Report.Silo, "--silo-port", "0", "--gateway-port", "0",
            "--cluster-id", cluster.Options.Client.ClusterId, "--cluster-secret-file", secret, "--slots", "1",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var errors = silo.StandardError.ReadToEndAsync();
            await cluster.Client.WaitForWorkersAsync(2);
            Assert.Equal(0, NativeSignals.Kill(silo.Id, NativeSignals.Stop));
            while (cluster.Client.Workers.Count > 1)
            {
                await Task.Yield();
            }

            Assert.Equal(0, NativeSignals.Kill(silo.Id, NativeSignals.Continue));
            await silo.WaitForExitAsync();
            Assert.Equal(SiloFate.DeclaredDead, silo.ExitCode);
            Assert.Single((await errors).Split('\n'), line => line.StartsWith("Silo ", StringComparison.Ordinal) && line.Contains("was declared dead by the other silos", StringComparison.Ordinal));
        }
        finally
        {
            if (!silo.HasExited)
            {
                silo.Kill();
            }
        }
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static Task<LocalCluster> StartAsync(int silos) =>
        LocalCluster.StartAsync(new LocalClusterOptions { Silos = silos, Client = new DaskClientOptions { IsDefault = false } });

    private static double[] Numbers(int seed, int count) => [.. Enumerable.Range(0, count).Select(i => (seed * 1_000.0) + i)];

    private static double Sum(double[] values) => values.Sum();

    private static int Recorded(string folder, int i)
    {
        File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i}-{Guid.NewGuid():n}")), "");
        Thread.SpinWait(20_000);
        return i;
    }
}
