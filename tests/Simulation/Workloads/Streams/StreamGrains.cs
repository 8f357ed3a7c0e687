using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>A grain between two streams.</summary>
[Alias("simulation.IRelayGrain")]
internal interface IRelayGrain : IGrainWithStringKey
{
    /// <summary>From now on it hears the stream of its name.</summary>
    [Alias("Listen")]
    Task ListenAsync();
}

/// <summary>Names of streams that grains listen to.</summary>
internal static class GrainStreams
{
    /// <summary>Each event brings the grain of the stream's name to life.</summary>
    public const string Implicit = "simulation-implicit";

    /// <summary>The grain subscribes by itself.</summary>
    public const string Explicit = "simulation-explicit";

    /// <summary>What the grains have heard.</summary>
    public const string Heard = "simulation-heard";

    public static IAsyncStream<long> Of(IStreamProvider provider, string space, string name) => provider.GetStream<long>(StreamId.Create(space, name));
}

/// <summary>Hears what is published for its name, and publishes it again. It knows nothing that outlives its activation.</summary>
[Alias("simulation_echo"), ImplicitStreamSubscription(GrainStreams.Implicit)]
internal sealed class EchoGrain : Grain, IGrainWithStringKey, IStreamSubscriptionObserver
{
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        await handleFactory.Create<long>().ResumeAsync((item, _) => GrainStreams.Of(this.GetStreamProvider(DaskClient.StreamProvider), GrainStreams.Heard, this.GetPrimaryKeyString()).OnNextAsync(item));
}

/// <summary>The same by a subscription of its own, which it finds again when it is activated again.</summary>
[Alias("simulation_relay")]
internal sealed class RelayGrain : Grain, IRelayGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken) => await ResumeAsync();

    public async Task ListenAsync()
    {
        // An earlier attempt may have gone through though it failed.
        if (!await ResumeAsync())
        {
            await Stream(GrainStreams.Explicit).SubscribeAsync(Take);
        }
    }

    private async Task<bool> ResumeAsync()
    {
        var subscriptions = await Stream(GrainStreams.Explicit).GetAllSubscriptionHandles();
        foreach (var subscription in subscriptions)
        {
            await subscription.ResumeAsync(Take);
        }

        return subscriptions.Count > 0;
    }

    private Task Take(long item, StreamSequenceToken token) => Stream(GrainStreams.Heard).OnNextAsync(item);

    private IAsyncStream<long> Stream(string space) => GrainStreams.Of(this.GetStreamProvider(DaskClient.StreamProvider), space, this.GetPrimaryKeyString());
}
