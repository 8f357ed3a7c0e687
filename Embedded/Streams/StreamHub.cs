using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <inheritdoc cref="IStreamHub"/>
/// <remarks>
/// Every subscription has its own queue and is served by itself, so a slow consumer holds up producers when its queue is full, and
/// other consumers never. Events are delivered in order; one whose observer fails is tried again a few times, then dropped.
/// </remarks>
[Alias("sys_streamhub")]
internal sealed partial class StreamHub : Grain, IStreamHub
{
    /// <summary>Events a subscription may be behind before producers wait. Orleans' memory queues fail at as many.</summary>
    internal const int MaxBehind = 16_384;

    private const int MaxBatch = 512;
    private const int Attempts = 4;
    private const string StateName = "subscriptions";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly EmbeddedSilo _silo;
    private readonly ILogger _logger;
    private readonly IGrainStorage? _store;
    private readonly GrainState<StoredSubscriptions> _kept = new(new StoredSubscriptions());
    private readonly SortedDictionary<Guid, Subscription> _subscriptions = [];
    private TaskCompletionSource? _room;
    private Task _keeping = Task.CompletedTask;
    private long _next;
    private long _implicitAt = -1;
    private int _pumping;

    public StreamHub(EmbeddedSilo silo)
    {
        _silo = silo;
        _logger = silo.Logger;
        _store = silo.Services.GetKeyedService<IGrainStorage>("PubSubStore");
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_store is not null)
        {
            await _store.ReadStateAsync(StateName, GrainContext.GrainId, _kept);
            _kept.State ??= new StoredSubscriptions();
            foreach (var stored in _kept.State.Explicit)
            {
                _subscriptions[stored.Id] = new Subscription(stored.Id, stored.Consumer);
            }
        }
    }

    public async Task PublishAsync(StreamId stream, string provider, StreamEvents events)
    {
        FindImplicit(stream);
        while (_subscriptions.Values.Any(s => s.Behind >= MaxBehind))
        {
            _room ??= new TaskCompletionSource();
            await _room.Task;
        }

        var first = _next;
        _next += Math.Max(1, events.Items.Length);
        foreach (var subscription in _subscriptions.Values)
        {
            subscription.Add(events, first);
            if (!subscription.IsPumping)
            {
                subscription.IsPumping = true;
                _ = PumpAsync(subscription, stream, provider);
            }
        }
    }

    public async Task SubscribeAsync(Guid subscription, GrainId consumer)
    {
        if (_subscriptions.TryAdd(subscription, new Subscription(subscription, consumer)))
        {
            await KeepAsync();
        }
    }

    public async Task UnsubscribeAsync(Guid subscription)
    {
        if (_subscriptions.Remove(subscription, out var gone))
        {
            gone.Clear();
            MakeRoom();
            await KeepAsync();
        }
    }

    public Task<Guid[]> SubscriptionsAsync(GrainId consumer) =>
        Task.FromResult(_subscriptions.Values.Where(s => s.Consumer == consumer).Select(s => s.Id).ToArray());

    private void FindImplicit(StreamId stream)
    {
        var table = _silo.Membership.Table;
        if (table.Version == _implicitAt)
        {
            return;
        }

        _implicitAt = table.Version;
        foreach (var type in table.Entries.SelectMany(e => e.Grains).Where(g => g.StreamNamespaces.Contains(stream.Space)).Select(g => g.Type).Distinct())
        {
            var consumer = GrainId.Create(type, stream.Name);
            var id = ImplicitId(consumer, GrainContext.GrainId);
            _subscriptions.TryAdd(id, new Subscription(id, consumer) { IsImplicit = true });
        }
    }

    // The same on every silo and after every restart, so that a consumer knows its subscription again.
    private static Guid ImplicitId(GrainId consumer, GrainId hub)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, StableHash.Of(consumer));
        BitConverter.TryWriteBytes(bytes[8..], StableHash.Of(hub));
        return new Guid(bytes);
    }

    private async Task PumpAsync(Subscription subscription, StreamId stream, string provider)
    {
        if (_pumping++ == 0)
        {
            DelayDeactivation(TimeSpan.MaxValue);
        }

        var consumer = ((Activation)GrainContext).Silo.Runtime.Reference<IStreamConsumer>(subscription.Consumer);
        var attempt = 0;
        while (subscription.Take(MaxBatch, stream, provider) is { } delivery)
        {
            var receipt = await DeliverAsync(consumer, delivery);
            attempt = receipt.Taken > 0 ? 0 : attempt;
            subscription.Done(receipt.Taken);
            MakeRoom();
            if (receipt.Failure is null)
            {
                continue;
            }

            if (++attempt < Attempts)
            {
                await Task.Delay(Pause * attempt, _silo.Environment.Time);
                continue;
            }

            attempt = 0;
            LogDropped(stream, subscription.Consumer, receipt.Failure);
            subscription.Done(1);
            if (NodeGrains.IsNodeBound(subscription.Consumer) && delivery.Items.Length > 0 && receipt.Taken == 0 && receipt.Failure.StartsWith(Unreachable, StringComparison.Ordinal))
            {
                // A client that is gone does not come back under the same id.
                await ForgetAsync(subscription);
            }
        }

        subscription.IsPumping = false;
        if (--_pumping == 0)
        {
            DelayDeactivation(TimeSpan.Zero);
        }
    }

    private const string Unreachable = "unreachable: ";

    private static async Task<StreamReceipt> DeliverAsync(IStreamConsumer consumer, StreamDelivery delivery)
    {
        try
        {
            return await consumer.DeliverAsync(delivery);
        }
        catch (Exception e)
        {
            return new StreamReceipt(0, (e is OrleansException ? Unreachable : "") + e.Message);
        }
    }

    private void MakeRoom()
    {
        if (_room is { } waiting && _subscriptions.Values.All(s => s.Behind < MaxBehind))
        {
            _room = null;
            waiting.SetResult();
        }
    }

    private async Task ForgetAsync(Subscription subscription)
    {
        try
        {
            await UnsubscribeAsync(subscription.Id);
        }
        catch (Exception e)
        {
            // It is forgotten here, and comes back with the next activation, which will find its client gone as well.
            LogNotKept(subscription.Consumer, e);
        }
    }

    // One after the other: a pump that gives a client up would otherwise race with a caller who subscribes.
    private Task KeepAsync() => _keeping = KeepAfterAsync(_keeping);

    private async Task KeepAfterAsync(Task before)
    {
        await Task.WhenAny(before);
        if (_store is not null)
        {
            _kept.State = new StoredSubscriptions { Explicit = [.. _subscriptions.Values.Where(s => !s.IsImplicit).Select(s => new StoredSubscription(s.Id, s.Consumer))] };
            await _store.WriteStateAsync(StateName, GrainContext.GrainId, _kept);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The subscription of {Consumer}, which is gone, could not be taken out of the store")]
    private partial void LogNotKept(GrainId consumer, Exception exception);

    [LoggerMessage(LogLevel.Error, "An event of {Stream} for {Consumer} was dropped after several attempts: {Reason}")]
    private partial void LogDropped(StreamId stream, GrainId consumer, string reason);
}

/// <summary>The explicit subscriptions of a stream, as they are stored.</summary>
[GenerateSerializer, Immutable, Alias("sys.StoredSubscriptions")]
internal sealed class StoredSubscriptions
{
    [Id(0)] public StoredSubscription[] Explicit { get; set; } = [];
}

/// <summary>One of them.</summary>
[GenerateSerializer, Immutable, Alias("sys.StoredSubscription")]
internal readonly record struct StoredSubscription([property: Id(0)] Guid Id, [property: Id(1)] GrainId Consumer);
