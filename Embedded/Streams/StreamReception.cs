namespace Orleans.Embedded;

/// <summary>
/// The consumer's end of one subscription. The observer gets each event of a hub once and one after the other, though a hub that hears
/// no answer delivers again; and none once the subscription has ended.
/// </summary>
/// <param name="time">Of a client, whose observer may work as long as it likes: the hub is told that it is at work. Null in a grain, whose calls last until they end.</param>
internal sealed class StreamReception(TimeProvider? time)
{
    /// <summary>Well below the time after which the hub gives up a call.</summary>
    private static readonly TimeSpan WorksInSilence = TimeSpan.FromSeconds(10);

    private const int MostHubs = 8;

    // Where each activation of the hub goes on, the latest last: while silos fail two may deliver for a moment.
    private readonly List<(Guid Hub, long Next)> _places = [];
    private Task<StreamReceipt> _running = Task.FromResult(default(StreamReceipt));
    private volatile IStreamReceiver? _receiver;

    /// <summary>Null: the subscription has ended. Another one takes the next event that comes.</summary>
    public IStreamReceiver? Receiver
    {
        get => _receiver;
        set => _receiver = value;
    }

    public async Task<StreamReceipt> DeliverAsync(StreamDelivery delivery)
    {
        // An observer that fails while nobody waits for it is asked again with what it did not take.
        if (!_running.IsCompleted && !await EndsInTimeAsync(_running))
        {
            return default;
        }

        var running = _running = ReceiveAsync(delivery);
        return await EndsInTimeAsync(running) ? await running : new StreamReceipt((int)(NextOf(delivery) - delivery.First), null);
    }

    private async Task<StreamReceipt> ReceiveAsync(StreamDelivery delivery)
    {
        var count = Math.Max(1, delivery.Items.Length);
        var taken = (int)Math.Min(count, NextOf(delivery) - delivery.First);
        try
        {
            while (taken < count && _receiver is { } receiver)
            {
                taken += await receiver.ReceiveAsync(delivery, taken);
                Advance(delivery.Hub, delivery.First + taken);
            }

            return new StreamReceipt(taken, null);
        }
        catch (Exception e)
        {
            return new StreamReceipt(taken, e.ToString());
        }
    }

    private long NextOf(StreamDelivery delivery)
    {
        foreach (var (hub, next) in _places)
        {
            if (hub == delivery.Hub && !Planted.RedeliveredEventsComeTwice)
            {
                return Math.Max(next, delivery.First);
            }
        }

        return delivery.First;
    }

    private void Advance(Guid hub, long next)
    {
        _places.RemoveAll(place => place.Hub == hub);
        _places.Add((hub, next));
        if (_places.Count > MostHubs)
        {
            _places.RemoveAt(0);
        }
    }

    private async Task<bool> EndsInTimeAsync(Task<StreamReceipt> running)
    {
        if (time is null || running.IsCompleted)
        {
            await running;
            return true;
        }

        try
        {
            await running.WaitAsync(WorksInSilence, time);
        }
        catch (TimeoutException)
        {
            // It never ends with one itself: what observers throw is in its receipt.
        }

        return running.IsCompleted;
    }
}
