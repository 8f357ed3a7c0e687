using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tests.Cluster;

/// <summary>Graphs through the bare grain interfaces, on silos that exchange bytes.</summary>
public class BareGrainsTests
{
    private static readonly TaskKey s_sum = new("sum");

    [Fact]
    public async Task A_graph_is_submitted_runs_and_its_values_are_read_through_their_grains()
    {
        await using var silos = await TestSilos.StartAsync();
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        await SubmitSumAsync(client, 100);
        await client.WaitAsync(s_sum);

        Assert.Equal(5050, client.Value<int>(s_sum));
        Assert.Equal(5050, await client.ReadAsync<int>(s_sum));
        Assert.Equal(100, await client.ReadAsync<int>(new TaskKey("inc", 99)));
    }

    [Fact]
    public async Task Two_silos_share_the_work_and_exchange_inputs()
    {
        await using var silos = await TestSilos.StartAsync(2);
        var client = new BareClient(silos.Grains, "s");
        Assert.Equal(2, (await client.OpenAsync()).Workers.Length);
        await SubmitSumAsync(client, 200, sleep: 1);
        await client.WaitAsync(s_sum);

        Assert.Equal(20100, client.Value<int>(s_sum));
        Assert.True(silos.Core(0).BytesReceived + silos.Core(1).BytesReceived > 0);
    }

    [Fact]
    public async Task Values_go_when_nobody_wants_them_and_all_goes_with_the_session()
    {
        await using var silos = await TestSilos.StartAsync(2);
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        await SubmitSumAsync(client, 50);
        await client.WaitAsync(s_sum);
        while (silos.Core(0).Store.Count(new("s")) + silos.Core(1).Store.Count(new("s")) != 1)
        {
            // The releases are on their way: only the sum is wanted.
            await client.Scheduler.WhereAsync(s_sum);
        }

        await client.Scheduler.CloseAsync(client.Epoch);

        Assert.Equal(0, silos.Core(0).Store.Count(new("s")) + silos.Core(1).Store.Count(new("s")));
        Assert.Equal(0, (await client.SubmitAsync([], [], [])).EpochInForce);
    }

    [Fact]
    public async Task What_a_task_throws_reaches_the_client_with_type_message_and_key()
    {
        await using var silos = await TestSilos.StartAsync();
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        var bad = client.Function((int x) => x == 3 ? throw new FormatException("three is not allowed") : x);
        var sum = client.Function((int x) => x);
        await client.SubmitAsync(["bad", "sum"], [BareClient.Task(0, 0, bad, [3]), BareClient.Task(1, 0, sum, new WireKey(0, 0))], [new WireKey(1, 0)]);
        await client.WaitAsync(s_sum);

        var error = client.Outcomes[s_sum].Error!;
        Assert.Equal(new TaskKey("bad"), error.Failed);
        var thrown = Assert.IsType<FormatException>(error.Exception.Read<Exception>());
        Assert.Equal("three is not allowed", thrown.Message);
        var read = await Assert.ThrowsAsync<TaskFailedException>(() => client.ReadAsync<int>(s_sum));
        Assert.IsType<FormatException>(read.InnerException);
    }

    [Fact]
    public async Task Cancelling_reaches_the_token_of_a_task_that_runs()
    {
        await using var silos = await TestSilos.StartAsync();
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        var wait = client.Function(async (CancellationToken token) => await Task.Delay(Timeout.Infinite, token));
        var inc = client.Function((int x) => x + 1);
        await client.SubmitAsync(["wait", "inc"], [BareClient.Task(0, 0, wait), BareClient.Task(1, 0, inc, [1])], [new WireKey(0, 0), new WireKey(1, 0)]);

        // The slot is free while the first task waits.
        await client.WaitAsync(new TaskKey("inc"));
        await client.SubmitAsync(["wait"], [], [], cancelled: [new WireKey(0, 0)]);
        await client.WaitAsync(new TaskKey("wait"));
        Assert.Equal(TaskStatusCode.Cancelled, client.Outcomes[new TaskKey("wait")].Status);
    }

    [Fact]
    public async Task A_task_runs_beside_its_large_input_and_only_the_small_one_crosses()
    {
        var where = new WhereCalled();
        await using var silos = await TestSilos.StartAsync(2, configure: silo => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<IIncomingGrainCallFilter>(silo.Services, where));
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        await client.ScatterAsync(new("large"), new double[8 << 20], silos.Address(1));
        await client.ScatterAsync(new("small"), new double[8 << 10], silos.Address(0));
        var add = client.Function((double[] a, double[] b) => a.Concat(b).Take(1_000_000).ToArray());
        await client.SubmitAsync(["large", "small", "sum"], [BareClient.Task(2, 0, add, new WireKey(0, 0), new WireKey(1, 0))], [new WireKey(0, 0), new WireKey(1, 0), new WireKey(2, 0)],
            scattered: [new(new WireKey(0, 0), silos.Address(1), 64 << 20), new(new WireKey(1, 0), silos.Address(0), 64 << 10)]);
        await client.WaitAsync(s_sum);

        Assert.Equal([silos.Address(1)], (await client.Scheduler.WhereAsync(s_sum)).Holders);
        Assert.InRange(silos.Core(1).BytesReceived, 64 << 10, (64 << 10) + 100);
        Assert.Equal(0, silos.Core(0).BytesReceived);
        Assert.Equal(1_000_000, (await client.ReadAsync<double[]>(s_sum)).Length);
        Assert.Equal(silos.Address(1), where[s_sum]);
    }

    [Fact]
    public async Task A_third_of_the_activations_dropped_at_any_time_loses_nothing()
    {
        var drop = new DropActivations();
        await using var silos = await TestSilos.StartAsync(2, configure: silo => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<IIncomingGrainCallFilter>(silo.Services, drop));
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        await SubmitSumAsync(client, 300, wantAll: true);
        await client.WaitAsync(s_sum);
        Assert.Equal(45150, client.Value<int>(s_sum));
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(i + 1, await client.ReadAsync<int>(new TaskKey("inc", i)));
        }

        Assert.True(drop.Dropped >= 100, $"{drop.Dropped} activations were dropped.");
    }

    [Fact]
    public async Task A_lost_silos_values_are_made_again()
    {
        await using var silos = await TestSilos.StartAsync(2);
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        await SubmitSumAsync(client, 100, wantAll: true, sleep: 1);
        await client.WaitAsync(s_sum);
        Assert.True(silos.Core(1).Store.Count(new("s")) > 0);
        await silos.StopAsync(1);

        // With the silo may go the scheduler's own activation, wherever it lived: then the client begins a new epoch.
        for (var i = 0; i < 100;)
        {
            try
            {
                Assert.Equal(i + 1, await client.ReadAsync<int>(new TaskKey("inc", i)));
                i++;
            }
            catch (GraphException)
            {
                await client.OpenAsync();
                await SubmitSumAsync(client, 100, wantAll: true, sleep: 1);
            }
        }

        Assert.Equal(5050, await client.ReadAsync<int>(s_sum));
    }

    [Fact]
    public async Task A_later_epoch_finds_the_values_of_an_earlier_one()
    {
        await using var silos = await TestSilos.StartAsync(2);
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        await SubmitSumAsync(client, 100, wantAll: true);
        await client.WaitAsync(s_sum);
        var earlier = client.Epoch;

        await client.OpenAsync();
        await SubmitSumAsync(client, 100, wantAll: true);
        await client.WaitAsync(s_sum);
        Assert.Equal(TaskStatusCode.Finished, client.Outcomes[s_sum].Status);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Null(client.Outcomes[new TaskKey("inc", i)].Value));
        Assert.Equal(client.Epoch, (await client.Scheduler.PollAsync(earlier, 0)).EpochInForce);
    }

    [Fact]
    public async Task A_client_of_another_version_is_refused_with_both_versions_and_the_way_out()
    {
        await using var silos = await TestSilos.StartAsync();
        var client = new BareClient(silos.Grains, "s");
        var error = await Assert.ThrowsAsync<VersionException>(() => client.OpenAsync(version: "0.99.0"));
        Assert.Contains("The client is version 0.99.0, the silos are " + VersionRule.Current, error.Message, StringComparison.Ordinal);
        Assert.Contains("update the silos to 0.99.0", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await client.SubmitAsync([], [], [])).EpochInForce);

        Assert.Single((await client.OpenAsync()).Workers);
    }

    [Fact]
    public async Task A_batch_that_makes_no_sense_is_an_error_and_its_session_goes_on()
    {
        await using var silos = await TestSilos.StartAsync();
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        var inc = client.Function((int x) => x + 1);
        await Assert.ThrowsAsync<GraphException>(() => client.SubmitAsync(["x", "y"], [BareClient.Task(0, 0, inc, new WireKey(1, 0)), BareClient.Task(1, 0, inc, new WireKey(0, 0))], [new WireKey(0, 0)]));
        await client.SubmitAsync(["sum"], [BareClient.Task(0, 0, inc, [41])], [new WireKey(0, 0)]);
        await client.WaitAsync(s_sum);

        Assert.Equal(42, client.Value<int>(s_sum));
    }

    [Fact]
    public async Task A_piece_that_comes_after_the_end_of_its_session_is_dropped()
    {
        await using var silos = await TestSilos.StartAsync();
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync();
        await client.Scheduler.CloseAsync(client.Epoch);
        await client.ScatterAsync(new("late"), new double[100], silos.Address(0));

        Assert.Equal(0, silos.Core(0).Store.Count(new("s")));
    }

    [Fact]
    public async Task A_session_whose_client_is_silent_ends_and_its_values_go()
    {
        await using var silos = await TestSilos.StartAsync();
        var client = new BareClient(silos.Grains, "s");
        await client.OpenAsync(lease: TimeSpan.FromSeconds(1));
        await SubmitSumAsync(client, 20, wantAll: true);
        await client.WaitAsync(s_sum);
        Assert.Equal(21, silos.Core(0).Store.Count(new("s")));
        while ((await client.Scheduler.WhereAsync(s_sum)).Status != TaskStatusCode.Unknown || silos.Core(0).Store.Count(new("s")) > 0)
        {
            // Asking where a value is is no sign of life.
        }
    }

    /// <summary>inc[i] = i + 1, and their sum.</summary>
    private static async Task SubmitSumAsync(BareClient client, int count, bool wantAll = false, int sleep = 0)
    {
        var inc = client.Function((int x) =>
        {
            for (var i = 0; i < sleep * 20_000; i++)
            {
                Thread.SpinWait(1);
            }

            return x + 1;
        });
        var sum = client.Function((object?[] all) => all.Sum(x => (int)x!));
        TaskSpec[] tasks =
        [
            .. Enumerable.Range(0, count).Select(i => BareClient.Task(0, i, inc, [i])),
            BareClient.Task(1, 0, sum, [new InputList(0, count)], [.. Enumerable.Range(0, count).Select(i => new WireKey(0, i))]),
        ];
        WireKey[] wanted = [new WireKey(1, 0)];
        await client.SubmitAsync(["inc", "sum"], tasks, wantAll ? [.. tasks.Select(task => task.Key)] : wanted);
    }
}
