using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Embedded;

/// <summary>Hands deliveries to the observers of one consumer: of an activation, or of a client.</summary>
internal sealed class StreamConsumers(IStreamSubscriptionObserver? grain) : IStreamConsumer
{
    private readonly Dictionary<Guid, IStreamReceiver> _receivers = [];

    public void Set(Guid subscription, IStreamReceiver receiver) => _receivers[subscription] = receiver;

    public void Remove(Guid subscription) => _receivers.Remove(subscription);

    public async Task<StreamReceipt> DeliverAsync(StreamDelivery delivery)
    {
        if (!_receivers.TryGetValue(delivery.Subscription, out var receiver) && grain is not null)
        {
            await grain.OnSubscribed(new HandleFactory(delivery, this));
            _receivers.TryGetValue(delivery.Subscription, out receiver);
        }

        return receiver is null
            ? new StreamReceipt(0, $"nobody observes the subscription {delivery.Subscription} since the activation began. Resume it in OnActivateAsync, or implement IStreamSubscriptionObserver.")
            : await receiver.ReceiveAsync(delivery);
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

/// <summary>The observer of a subscription, whatever its type.</summary>
internal interface IStreamReceiver
{
    Task<StreamReceipt> ReceiveAsync(StreamDelivery delivery);
}
