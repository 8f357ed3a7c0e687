using System.Net;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

[GenerateSerializer, Alias("tests.Parcel")]
public sealed record Parcel([property: Id(0)] string Content);

[Alias("tests.IParcelObserver")]
public interface IParcelObserver : IGrainObserver
{
    [Alias("Came")]
    Task<string> CameAsync(Parcel parcel);
}

/// <summary>Known to this program alone: the silo processes were built without it.</summary>
[Alias("tests.IStrangeGrain")]
public interface IStrangeGrain : IGrainWithStringKey
{
    [Alias("Wrap")]
    Task<Parcel> WrapAsync(Parcel parcel);

    [Alias("Many")]
    IAsyncEnumerable<Parcel> ManyAsync(int count, CancellationToken cancellationToken = default);

    [Alias("Show")]
    Task<string> ShowAsync(IParcelObserver observer, Parcel parcel);

    [Alias("Tell"), OneWay]
    Task TellAsync(Parcel parcel);

    [Alias("Told")]
    Task<Parcel> ToldAsync();

    [Alias("Hold")]
    Task HoldAsync(IParcelObserver begun, CancellationToken cancellationToken);

    [Alias("Fail")]
    Task FailAsync(Parcel parcel);
}

[Reentrant, LastPlacement]
public sealed class StrangeGrain : Grain, IStrangeGrain
{
    private readonly TaskCompletionSource<Parcel> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Parcel> WrapAsync(Parcel parcel) => Task.FromResult(new Parcel($"{this.GetPrimaryKeyString()}({parcel?.Content})"));

    public async IAsyncEnumerable<Parcel> ManyAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return new Parcel($"{i}");
        }
    }

    public Task<string> ShowAsync(IParcelObserver observer, Parcel parcel) => (observer ?? throw new ArgumentNullException(nameof(observer))).CameAsync(parcel);

    public Task TellAsync(Parcel parcel)
    {
        _told.TrySetResult(parcel);
        return Task.CompletedTask;
    }

    public Task<Parcel> ToldAsync() => _told.Task;

    public async Task HoldAsync(IParcelObserver begun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(begun);
        await begun.CameAsync(new Parcel("begun"));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public Task FailAsync(Parcel parcel) => throw new InvalidOperationException($"no room for {parcel?.Content}");
}

/// <summary>A gateway that knows neither a grain's class nor its interface nor what its calls carry.</summary>
public sealed class StrangeGrainTests
{
    [Fact]
    public async Task Calls_go_through_a_gateway_that_knows_nothing_of_the_grain()
    {
        await using var gateway = await SiloProcess.StartAsync();
        await using var host = ByHand.Silo(builder => builder
            .Configure<EndpointOptions>(o => (o.SiloPort, o.GatewayPort) = (0, 0))
            .Configure<ClusterOptions>(o => o.ClusterId = "dev")
            .Configure<ClusterSecretOptions>(o => o.Secret = InProcessCluster.Secret)
            .Configure<SiloSetup>(s => (s.GrainClasses, s.Primary) = (InProcessCluster.Grains, gateway.Endpoint))
            .AddPlacementDirector<LastPlacement, LastPlacementDirector>()
            .AddMemoryGrainStorageAsDefault());
        await host.StartAsync();
        await using var client = ByHand.Client(builder => builder
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, gateway.GatewayPort))
            .Configure<ClusterOptions>(o => o.ClusterId = "dev")
            .Configure<ClusterSecretOptions>(o => o.Secret = InProcessCluster.Secret));
        await client.StartAsync();

        var grain = client.GetGrain<IStrangeGrain>("box");
        Assert.Equal(new Parcel("box(salt)"), await grain.WrapAsync(new Parcel("salt")));
        var large = new string('x', 1 << 20);
        Assert.Equal(new Parcel($"box({large})"), await grain.WrapAsync(new Parcel(large)));

        var many = new List<string>();
        await foreach (var parcel in grain.ManyAsync(300))
        {
            many.Add(parcel.Content);
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), many);

        var observer = new Observer();
        var reference = client.CreateObjectReference<IParcelObserver>(observer);
        Assert.Equal("seen pepper", await grain.ShowAsync(reference, new Parcel("pepper")));

        await grain.TellAsync(new Parcel("sugar"));
        Assert.Equal(new Parcel("sugar"), await grain.ToldAsync());

        using var stop = new CancellationTokenSource();
        var held = client.GetGrain<IStrangeGrain>("held").HoldAsync(reference, stop.Token);
        await observer.Begun.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.FailAsync(new Parcel("oil")));
        Assert.Equal("no room for oil", error.Message);
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task How_a_grain_is_placed_those_decide_who_can_host_it()
    {
        await using var cluster = await InProcessCluster.StartAsync(1, new TcpNetwork(), setup: s => s.GrainClasses = [.. InProcessCluster.Grains.Where(g => g != typeof(LastPlacedGrain))]);
        for (var i = 0; i < 2; i++)
        {
            await cluster.AddSiloAsync(b => b
                .Configure<SiloSetup>(s => s.GrainClasses = InProcessCluster.Grains)
                .AddPlacementDirector<LastPlacement, LastPlacementDirector>());
        }

        var last = cluster.Silos.Skip(1).Max(s => s.Address);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(last, await cluster.First.GrainFactory.GetGrain<IPlacedGrain>($"{i}", typeof(LastPlacedGrain).FullName).WhereAsync());
        }
    }

    private sealed class Observer : IParcelObserver
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> CameAsync(Parcel parcel)
        {
            if (parcel.Content == "begun")
            {
                Begun.TrySetResult();
            }

            return Task.FromResult($"seen {parcel.Content}");
        }
    }
}
