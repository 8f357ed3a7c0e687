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

    private const string StateName = "subscriptions";

    private readonly EmbeddedSilo _silo;
    private readonly ILogger _logger;
    private readonly IGrainStorage? _store;
    private readonly GrainState<StoredSubscriptions> _kept = new(new StoredSubscriptions());
    private readonly SortedDictionary<Guid, Subscription> _subscriptions = [];
    private readonly Guid _id;
    private TaskCompletionSource? _room;
    private Task _keeping = Task.CompletedTask;
    private long _next;
    private long _implicitAt = -1;

    public StreamHub(EmbeddedSilo silo)
    {
        _silo = silo;
        _logger = silo.Logger;
        _store = silo.Services.GetKeyedService<IGrainStorage>("PubSubStore");
        _id = silo.Environment.Randomness.NewGuid();

        // As Orleans counts: what a later activation of the stream's grain publishes stands behind what an earlier one did.
        _next = silo.Environment.Time.GetUtcNow().Ticks;
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
            try
            {
                await KeepAsync();
            }
            catch
            {
                // The caller is told that there is none, and subscribes anew.
                if (!Planted.FailedSubscriptionsStay)
                {
                    Remove(subscription);
                }

                throw;
            }
        }
    }

    public Task UnsubscribeAsync(Guid subscription)
    {
        Remove(subscription);

        // Also when it is gone from here: a caller who is told that it could not be stored comes again.
        return KeepAsync();
    }

    private void Remove(Guid subscription)
    {
        if (_subscriptions.Remove(subscription, out var gone))
        {
            gone.Clear();
            if (!Planted.LeavingMakesNoRoom)
            {
                MakeRoom();
            }
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

    private void MakeRoom()
    {
        if (_room is { } waiting && _subscriptions.Values.All(s => s.Behind < MaxBehind))
        {
            _room = null;
            waiting.SetResult();
        }
    }

    // One after the other: a pump that gives a client up would otherwise race with a caller who subscribes.
    private Task KeepAsync() => _keeping = KeepAfterAsync(_keeping);

    private async Task KeepAfterAsync(Task before)
    {
        await Task.WhenAny(before);
        var kept = _kept.State;
        StoredSubscription[] now = [.. _subscriptions.Values.Where(s => !s.IsImplicit).Select(s => new StoredSubscription(s.Id, s.Consumer))];
        if (_store is null || kept.Explicit.SequenceEqual(now))
        {
            return;
        }

        _kept.State = new StoredSubscriptions { Explicit = now };
        try
        {
            await _store.WriteStateAsync(StateName, GrainContext.GrainId, _kept);
        }
        catch
        {
            _kept.State = kept;
            throw;
        }
    }
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
