using Orleans.Embedded.Serialization;
using Orleans.Streams;

namespace Orleans.Embedded;

/// <summary>Decodes events and gives them to an observer one by one.</summary>
internal sealed class StreamReceiver<T>(IAsyncObserver<T> observer, IGrainRuntime runtime) : IStreamReceiver
{
    public async Task<StreamReceipt> ReceiveAsync(StreamDelivery delivery)
    {
        var taken = 0;
        try
        {
            switch ((StreamEventKind)delivery.Kind)
            {
                case StreamEventKind.Completed:
                    await observer.OnCompletedAsync();
                    return new StreamReceipt(1, null);
                case StreamEventKind.Error:
                    await observer.OnErrorAsync(delivery.Error!);
                    return new StreamReceipt(1, null);
            }

            foreach (var item in delivery.Items)
            {
                await observer.OnNextAsync(WireSerializer.FromBytes<T>(item, runtime), new EventSequenceToken(delivery.First + taken));
                taken++;
            }

            return new StreamReceipt(taken, null);
        }
        catch (Exception e)
        {
            return new StreamReceipt(taken, e.ToString());
        }
    }
}

/// <summary>Decodes events and gives them to an observer all at once.</summary>
internal sealed class StreamBatchReceiver<T>(IAsyncBatchObserver<T> observer, IGrainRuntime runtime) : IStreamReceiver
{
    public async Task<StreamReceipt> ReceiveAsync(StreamDelivery delivery)
    {
        try
        {
            switch ((StreamEventKind)delivery.Kind)
            {
                case StreamEventKind.Completed:
                    await observer.OnCompletedAsync();
                    return new StreamReceipt(1, null);
                case StreamEventKind.Error:
                    await observer.OnErrorAsync(delivery.Error!);
                    return new StreamReceipt(1, null);
            }

            var items = delivery.Items.Select((item, i) =>
                new SequentialItem<T>(WireSerializer.FromBytes<T>(item, runtime), new EventSequenceToken(delivery.First + i))).ToList();
            await observer.OnNextAsync(items);
            return new StreamReceipt(items.Count, null);
        }
        catch (Exception e)
        {
            return new StreamReceipt(0, e.ToString());
        }
    }
}
