using Orleans.Embedded.Serialization;
using Orleans.Streams;

namespace Orleans.Embedded;

/// <summary>The observer of a subscription, whatever its type.</summary>
internal interface IStreamReceiver
{
    /// <summary>Gives events of a delivery to the observer, from one of its places on.</summary>
    /// <returns>How many it took.</returns>
    ValueTask<int> ReceiveAsync(StreamDelivery delivery, int from);
}

/// <summary>Decodes events and gives them to an observer one by one.</summary>
internal sealed class StreamReceiver<T>(IAsyncObserver<T> observer, IGrainRuntime runtime) : IStreamReceiver
{
    public async ValueTask<int> ReceiveAsync(StreamDelivery delivery, int from)
    {
        await ((StreamEventKind)delivery.Kind switch
        {
            StreamEventKind.Completed => observer.OnCompletedAsync(),
            StreamEventKind.Error => observer.OnErrorAsync(delivery.Error!),
            _ => observer.OnNextAsync(WireSerializer.FromBytes<T>(delivery.Items[from], runtime), new EventSequenceToken(delivery.First + from)),
        });
        return 1;
    }
}

/// <summary>Decodes events and gives them to an observer all at once.</summary>
internal sealed class StreamBatchReceiver<T>(IAsyncBatchObserver<T> observer, IGrainRuntime runtime) : IStreamReceiver
{
    public async ValueTask<int> ReceiveAsync(StreamDelivery delivery, int from)
    {
        switch ((StreamEventKind)delivery.Kind)
        {
            case StreamEventKind.Completed:
                await observer.OnCompletedAsync();
                return 1;
            case StreamEventKind.Error:
                await observer.OnErrorAsync(delivery.Error!);
                return 1;
        }

        var items = delivery.Items.Skip(from).Select((item, i) =>
            new SequentialItem<T>(WireSerializer.FromBytes<T>(item, runtime), new EventSequenceToken(delivery.First + from + i))).ToList();
        await observer.OnNextAsync(items);
        return items.Count;
    }
}
