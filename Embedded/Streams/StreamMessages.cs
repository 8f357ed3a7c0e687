using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Embedded;

/// <summary>What a stream carries.</summary>
internal enum StreamEventKind : byte
{
    Next,
    Completed,
    Error,
}

/// <summary>Events from a producer: each encoded by itself, because only producers and consumers know their type.</summary>
[GenerateSerializer, Immutable, Alias("sys.StreamEvents")]
internal sealed class StreamEvents
{
    [Id(0)] public required byte Kind { get; init; }

    [Id(1)] public required byte[][] Items { get; init; }

    [Id(2)] public Exception? Error { get; init; }
}

/// <summary>Events to a consumer.</summary>
[GenerateSerializer, Immutable, Alias("sys.StreamDelivery")]
internal sealed class StreamDelivery
{
    [Id(0)] public required string Provider { get; init; }

    [Id(1)] public required StreamId Stream { get; init; }

    [Id(2)] public required Guid Subscription { get; init; }

    [Id(3)] public required byte Kind { get; init; }

    /// <summary>Place of the first item.</summary>
    [Id(4)] public required long First { get; init; }

    [Id(5)] public required byte[][] Items { get; init; }

    [Id(6)] public Exception? Error { get; init; }

    /// <summary>The activation of the stream's grain that counts these places.</summary>
    [Id(7)] public required Guid Hub { get; init; }
}

/// <summary>What became of a delivery.</summary>
/// <param name="Taken">Events that need not come again.</param>
/// <param name="Failure">Why the next one was not taken, or none was; null when all were, or the observer is at work still.</param>
[GenerateSerializer, Immutable, Alias("sys.StreamReceipt")]
internal readonly record struct StreamReceipt([property: Id(0)] int Taken, [property: Id(1)] string? Failure);

/// <summary>The consumer's end: an extension of every grain, or an observer of a client.</summary>
[Alias("sys.IStreamConsumer")]
internal interface IStreamConsumer : IGrainObserver
{
    [Alias("Deliver")]
    Task<StreamReceipt> DeliverAsync(StreamDelivery delivery);
}

/// <summary>The grain of one stream: takes events, keeps them until each subscription has them.</summary>
[Alias("sys.IStreamHub")]
internal interface IStreamHub : IGrainWithStringKey
{
    /// <summary>Completes when the events are kept; waits while a consumer is too far behind.</summary>
    [Alias("Publish")]
    Task PublishAsync(StreamId stream, string provider, StreamEvents events);

    [Alias("Subscribe"), AlwaysInterleave]
    Task SubscribeAsync(Guid subscription, GrainId consumer);

    [Alias("Unsubscribe"), AlwaysInterleave]
    Task UnsubscribeAsync(Guid subscription);

    [Alias("Subscriptions"), AlwaysInterleave]
    Task<Guid[]> SubscriptionsAsync(GrainId consumer);
}

/// <summary>A place in a memory stream.</summary>
[GenerateSerializer, Immutable, Alias("sys.EventSequenceToken")]
internal sealed class EventSequenceToken : StreamSequenceToken
{
    private EventSequenceToken()
    {
    }

    public EventSequenceToken(long sequenceNumber) => SequenceNumber = sequenceNumber;

    [Id(0)] public override long SequenceNumber { get; protected set; }

    [Id(1)] public override int EventIndex { get; protected set; }

    public override bool Equals(StreamSequenceToken? other) => other is not null && SequenceNumber == other.SequenceNumber && EventIndex == other.EventIndex;

    public override int CompareTo(StreamSequenceToken? other) =>
        other is null ? 1
        : SequenceNumber != other.SequenceNumber ? SequenceNumber.CompareTo(other.SequenceNumber)
        : EventIndex.CompareTo(other.EventIndex);

    public override string ToString() => SequenceNumber.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>An observer made of delegates.</summary>
internal sealed class DelegateObserver<T>(
    Func<T, StreamSequenceToken, Task> onNext,
    Func<Exception, Task> onError,
    Func<Task> onCompleted) : IAsyncObserver<T>
{
    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => onNext(item, token!);

    public Task OnErrorAsync(Exception ex) => onError(ex);

    public Task OnCompletedAsync() => onCompleted();
}
