using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Embedded;

/// <summary>Memory streams, for the grains of a silo or for a client.</summary>
internal sealed class MemoryStreamProvider(string name, RuntimeClient runtime) : IStreamProvider
{
    // A client's consumers; the runtime itself holds observers only weakly.
    private readonly ConcurrentDictionary<Guid, StreamConsumers> _consumers = new();

    public string Name => name;

    public bool IsRewindable => false;

    public RuntimeClient Runtime => runtime;

    public static void Add(IServiceCollection services, string name) => services.AddKeyedSingleton<IStreamProvider>(
        name, (provider, _) => new MemoryStreamProvider(name, (RuntimeClient)provider.GetRequiredService<IClusterClient>()));

    public static IStreamProvider Named(IServiceProvider services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.GetKeyedService<IStreamProvider>(name)
            ?? throw new KeyNotFoundException($"No stream provider is named '{name}'. Call AddMemoryStreams(\"{name}\") on the silo or client builder.");
    }

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(this, streamId);

    public static IStreamHub HubOf(RuntimeClient runtime, string provider, StreamId stream) => runtime.GetGrain<IStreamHub>($"{provider}/{stream}");

    /// <summary>The caller's end: of its activation when a grain calls, else an observer of this client.</summary>
    public (GrainId Id, StreamConsumers Consumers) NewConsumer(Guid subscription)
    {
        if (Activation.Running is { } activation)
        {
            return (activation.GrainId, activation.StreamConsumers);
        }

        var consumers = _consumers.GetOrAdd(subscription, static (_, time) => new StreamConsumers(null, time), runtime.Environment.Time);
        return (runtime.CreateObjectReference<IStreamConsumer>(consumers).GetGrainId(), consumers);
    }

    public void Forget(Guid subscription)
    {
        if (_consumers.TryRemove(subscription, out var consumers))
        {
            runtime.DeleteObjectReference<IStreamConsumer>(consumers);
        }
    }

    public IEnumerable<(Guid Id, StreamConsumers Consumers)> ClientSubscriptions => _consumers.Select(c => (c.Key, c.Value));
}

/// <summary>One stream.</summary>
internal sealed class MemoryStream<T>(MemoryStreamProvider provider, StreamId id) : IAsyncStream<T>
{
    public bool IsRewindable => false;

    public string ProviderName => provider.Name;

    public StreamId StreamId => id;

    private IStreamHub Hub => MemoryStreamProvider.HubOf(provider.Runtime, provider.Name, id);

    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => PublishAsync(StreamEventKind.Next, [WireSerializer.ToBytes(item)]);

    public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        var items = batch.Select(WireSerializer.ToBytes).ToArray();
        return items.Length == 0 ? Task.CompletedTask : PublishAsync(StreamEventKind.Next, items);
    }

    public Task OnCompletedAsync() => PublishAsync(StreamEventKind.Completed, []);

    public Task OnErrorAsync(Exception ex) => PublishAsync(StreamEventKind.Error, [], ex);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) =>
        SubscribeAsync(new StreamReceiver<T>(observer, provider.Runtime));

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null) => token is null
        ? SubscribeAsync(observer)
        : throw new NotSupportedException($"The streams of '{provider.Name}' live in memory and cannot be rewound. Subscribe without a token.");

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer) =>
        SubscribeAsync(new StreamBatchReceiver<T>(observer, provider.Runtime));

    public async Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        if (Activation.Running is { } activation)
        {
            var ids = await Hub.SubscriptionsAsync(activation.GrainId);
            return [.. ids.Select(subscription => HandleOf(subscription, activation.StreamConsumers))];
        }

        var handles = new List<StreamSubscriptionHandle<T>>();
        foreach (var (subscription, consumers) in provider.ClientSubscriptions)
        {
            var (consumer, _) = provider.NewConsumer(subscription);
            if ((await Hub.SubscriptionsAsync(consumer)).Contains(subscription))
            {
                handles.Add(HandleOf(subscription, consumers));
            }
        }

        return handles;
    }

    public bool Equals(IAsyncStream<T>? other) => other is not null && other.ProviderName == ProviderName && other.StreamId == id;

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => HashCode.Combine(ProviderName, id);

    public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : id.CompareTo(other.StreamId);

    private MemoryStreamHandle<T> HandleOf(Guid subscription, StreamConsumers consumers) =>
        new(provider.Runtime, provider.Name, id, subscription, consumers) { Left = () => provider.Forget(subscription) };

    private Task PublishAsync(StreamEventKind kind, byte[][] items, Exception? error = null) =>
        Hub.PublishAsync(id, provider.Name, new StreamEvents { Kind = (byte)kind, Items = items, Error = error });

    private async Task<StreamSubscriptionHandle<T>> SubscribeAsync(IStreamReceiver receiver)
    {
        var subscription = provider.Runtime.Environment.Randomness.NewGuid();
        var (consumer, consumers) = provider.NewConsumer(subscription);
        consumers.Set(subscription, receiver);
        try
        {
            await Hub.SubscribeAsync(subscription, consumer);
        }
        catch when (!Planted.FailedSubscriptionsStay)
        {
            // Should it have been made all the same, what it brings is for nobody: the caller subscribes again.
            consumers.Remove(subscription);
            provider.Forget(subscription);
            throw;
        }

        return HandleOf(subscription, consumers);
    }
}

/// <summary>One subscription.</summary>
internal sealed class MemoryStreamHandle<T>(RuntimeClient runtime, string provider, StreamId stream, Guid id, StreamConsumers consumers)
    : StreamSubscriptionHandle<T>
{
    public override StreamId StreamId => stream;

    public override string ProviderName => provider;

    public override Guid HandleId => id;

    /// <summary>What else ends with the subscription.</summary>
    public Action? Left { get; init; }

    public override async Task UnsubscribeAsync()
    {
        consumers.Remove(id);
        await MemoryStreamProvider.HubOf(runtime, provider, stream).UnsubscribeAsync(id);
        Left?.Invoke();
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null) =>
        ResumeAsync(new StreamReceiver<T>(observer, runtime));

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null) =>
        ResumeAsync(new StreamBatchReceiver<T>(observer, runtime));

    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == id;

    private Task<StreamSubscriptionHandle<T>> ResumeAsync(IStreamReceiver receiver)
    {
        consumers.Set(id, receiver);
        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }
}
