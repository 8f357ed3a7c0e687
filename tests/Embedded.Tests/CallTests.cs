using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>Calls, in one silo, between silos and from clients, over memory and over TCP: the same everywhere.</summary>
public sealed class CallTests
{
    public static TheoryData<string> Ways => ["silo", "silos", "client", "tcp silos", "tcp client"];

    [Theory, MemberData(nameof(Ways))]
    public async Task A_call_brings_its_result(string way)
    {
        await using var cluster = await ClusterOfAsync(way);
        var factory = await CallerAsync(cluster, way);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i + 1, await factory.GetGrain<IEchoGrain>($"{i}").AddAsync(i, 1));
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Arguments_and_results_are_copied(string way)
    {
        await using var cluster = await ClusterOfAsync(way);
        var grain = (await CallerAsync(cluster, way)).GetGrain<IEchoGrain>("copies");
        var sent = new Box { Value = 1 };
        var got = await grain.ChangeAsync(sent);
        Assert.Equal((1, 0), (sent.Value, sent.Items.Count));
        Assert.Equal((2, 1), (got.Value, got.Items.Count));
        got.Items.Clear();
        Assert.Single((await grain.KeptAsync()).Items);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Exceptions_cross_with_type_message_and_remote_stack(string way)
    {
        await using var cluster = await ClusterOfAsync(way);
        var grain = (await CallerAsync(cluster, way)).GetGrain<IEchoGrain>("fails");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.FailAsync("so it is"));
        Assert.Equal("so it is", error.Message);
        Assert.Contains(nameof(EchoGrain.FailAsync), error.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Four_megabytes_pass_both_ways(string way)
    {
        await using var cluster = await ClusterOfAsync(way);
        var grain = (await CallerAsync(cluster, way)).GetGrain<IEchoGrain>("bulk");
        Assert.Equal(4 << 20, await grain.LengthAsync(new byte[4 << 20]));
        Assert.Equal(4 << 20, (await grain.BytesAsync(4 << 20)).Length);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Request_context_flows_to_the_callee(string way)
    {
        await using var cluster = await ClusterOfAsync(way);
        var grain = (await CallerAsync(cluster, way)).GetGrain<IEchoGrain>("context");
        RequestContext.Set("who", "me");
        Assert.Equal("me", await grain.ContextAsync("who"));
        RequestContext.Clear();
        Assert.Null(await grain.ContextAsync("who"));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Cancelling_ends_the_call_here_and_there(string way)
    {
        await using var cluster = await ClusterOfAsync(way);
        var grain = (await CallerAsync(cluster, way)).GetGrain<IEchoGrain>($"waits on {way}");
        using var cancel = new CancellationTokenSource();
        var call = grain.WaitAsync(cancel.Token);
        await EchoGrain.WaitsIn(grain);
        var second = grain.AddAsync(1, 2);
        Assert.False(second.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        // The grain takes one call at a time: the second answers only because the first was cancelled there too.
        Assert.Equal(3, await second);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Sequences_are_pulled_in_order_and_may_be_left(string way)
    {
        await using var cluster = await ClusterOfAsync(way);
        var grain = (await CallerAsync(cluster, way)).GetGrain<IEchoGrain>("counts");
        var all = new List<int>();
        await foreach (var i in grain.CountAsync(1000))
        {
            all.Add(i);
        }

        Assert.Equal(Enumerable.Range(0, 1000), all);
        await foreach (var i in grain.CountAsync(int.MaxValue))
        {
            if (i == 300)
            {
                break;
            }
        }

        Assert.Equal(3, await grain.AddAsync(1, 2));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_grain_that_left_comes_back(string way)
    {
        await using var cluster = await ClusterOfAsync(way);
        var grain = (await CallerAsync(cluster, way)).GetGrain<IEchoGrain>("leaves");
        for (var i = 0; i < 50; i++)
        {
            await grain.LeaveAsync();
            Assert.Equal(i, await grain.AddAsync(i, 0));
        }
    }

    private static async Task<InProcessCluster> ClusterOfAsync(string way) => await InProcessCluster.StartAsync(
        way.Contains("silos", StringComparison.Ordinal) ? 3 : 1,
        way.StartsWith("tcp", StringComparison.Ordinal) ? new TcpNetwork() : null);

    private static async Task<IGrainFactory> CallerAsync(InProcessCluster cluster, string way) =>
        way.EndsWith("client", StringComparison.Ordinal) ? await cluster.AddClientAsync() : cluster.First.GrainFactory;
}
