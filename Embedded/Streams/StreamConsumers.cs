using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Embedded;

/// <summary>Hands deliveries to the observers of one consumer: of an activation, or of a client.</summary>
/// <param name="grain">Asked for an observer when events come and there is none.</param>
/// <param name="time">Of a client; null in a grain.</param>
internal sealed class StreamConsumers(IStreamSubscriptionObserver? grain, TimeProvider? time) : IStreamConsumer
{
    private readonly ConcurrentDictionary<Guid, StreamReception> _receptions = new();

    public void Set(Guid subscription, IStreamReceiver receiver) => _receptions.GetOrAdd(subscription, _ => new StreamReception(time)).Receiver = receiver;

    /// <summary>From here on its observer gets nothing, whatever is on its way.</summary>
    public void Remove(Guid subscription)
    {
        if (_receptions.TryRemove(subscription, out var ended))
        {
            ended.Receiver = null;
        }
    }

    public async Task<StreamReceipt> DeliverAsync(StreamDelivery delivery)
    {
        if (!_receptions.TryGetValue(delivery.Subscription, out var reception) && grain is not null)
        {
            await grain.OnSubscribed(new HandleFactory(delivery, this));
            _receptions.TryGetValue(delivery.Subscription, out reception);
        }

        return reception is null
            ? new StreamReceipt(
                Math.Max(1, delivery.Items.Length),
                $"nobody observes the subscription {delivery.Subscription} since the activation began. Resume it in OnActivateAsync, or implement IStreamSubscriptionObserver.")
            : await reception.DeliverAsync(delivery);
    }

    private sealed class HandleFactory(StreamDelivery delivery, StreamConsumers consumers) : IStreamSubscriptionHandleFactory
    {
        public StreamId StreamId => delivery.Stream;

        public string ProviderName => delivery.Provider;

        public GuidId SubscriptionId => new(delivery.Subscription);

        public StreamSubscriptionHandle<T> Create<T>() =>
            new MemoryStreamHandle<T>(Activation.Running!.Silo.Runtime, delivery.Provider, delivery.Stream, delivery.Subscription, consumers);
    }
}
