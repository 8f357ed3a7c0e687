using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Names a stream within its provider.</summary>
    [GenerateSerializer, Immutable, Alias("Orleans.StreamId")]
    public readonly record struct StreamId : IComparable<StreamId>
    {
        private StreamId(string? @namespace, string key)
        {
            Space = @namespace ?? "";
            Name = key;
        }

        [Id(0)] internal string Space { get; private init; }

        [Id(1)] internal string Name { get; private init; }

        public static StreamId Create(string? ns, string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            return new StreamId(ns, key);
        }

        public static StreamId Create(string? ns, Guid key) => new(ns, key.ToString("N"));

        public static StreamId Create(string? ns, long key) => new(ns, key.ToString("X", System.Globalization.CultureInfo.InvariantCulture));

        public string? GetNamespace() => Space.Length == 0 ? null : Space;

        public string GetKeyAsString() => Name;

        public int CompareTo(StreamId other)
        {
            var bySpace = string.CompareOrdinal(Space, other.Space);
            return bySpace != 0 ? bySpace : string.CompareOrdinal(Name, other.Name);
        }

        public static bool operator <(StreamId left, StreamId right) => left.CompareTo(right) < 0;

        public static bool operator >(StreamId left, StreamId right) => left.CompareTo(right) > 0;

        public static bool operator <=(StreamId left, StreamId right) => left.CompareTo(right) <= 0;

        public static bool operator >=(StreamId left, StreamId right) => left.CompareTo(right) >= 0;

        public override string ToString() => $"{Space}/{Name}";
    }

    /// <summary>A Guid that names something, such as a subscription.</summary>
    public sealed record GuidId(Guid Guid);
}

namespace Orleans.Streams
{
    /// <summary>Streams of one provider.</summary>
    public interface IStreamProvider
    {
        string Name { get; }

        /// <summary>Whether a consumer can begin at an earlier event. Memory streams cannot.</summary>
        bool IsRewindable { get; }

        IAsyncStream<T> GetStream<T>(StreamId streamId);
    }

    /// <summary>Where producers and consumers of one stream meet. It exists by its name: nothing is created or closed.</summary>
    public interface IAsyncStream<T> : IEquatable<IAsyncStream<T>>, IComparable<IAsyncStream<T>>, IAsyncObservable<T>, IAsyncBatchObservable<T>, IAsyncBatchProducer<T>
    {
        bool IsRewindable { get; }

        string ProviderName { get; }

        StreamId StreamId { get; }

        /// <summary>The caller's own subscriptions, to resume them after it was activated again.</summary>
        Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
    }

    /// <summary>Takes events.</summary>
    public interface IAsyncObserver<in T>
    {
        Task OnNextAsync(T item, StreamSequenceToken? token = null);

        Task OnCompletedAsync() => Task.CompletedTask;

        Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }

    /// <summary>Takes events several at a time.</summary>
    public interface IAsyncBatchObserver<T>
    {
        Task OnNextAsync(IList<SequentialItem<T>> items);

        Task OnCompletedAsync() => Task.CompletedTask;

        Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }

    /// <summary>Gives events, also several at a time.</summary>
    public interface IAsyncBatchProducer<in T> : IAsyncObserver<T>
    {
        Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null);
    }

    /// <summary>Can be subscribed to.</summary>
    public interface IAsyncObservable<T>
    {
        Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);

        Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null);
    }

    /// <summary>Can be subscribed to in batches.</summary>
    public interface IAsyncBatchObservable<T>
    {
        Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer);
    }

    /// <summary>An event and its place in the stream.</summary>
    public class SequentialItem<T>(T item, StreamSequenceToken token)
    {
        public T Item { get; } = item;

        public StreamSequenceToken Token { get; } = token;
    }

    /// <summary>A place in a stream.</summary>
    [GenerateSerializer, Immutable, Alias("Orleans.StreamSequenceToken")]
    public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken>, IComparable<StreamSequenceToken>
    {
        public abstract long SequenceNumber { get; protected set; }

        public abstract int EventIndex { get; protected set; }

        public abstract bool Equals(StreamSequenceToken? other);

        public abstract int CompareTo(StreamSequenceToken? other);

        public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

        public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

        public static bool operator ==(StreamSequenceToken? left, StreamSequenceToken? right) => Equals(left, right);

        public static bool operator !=(StreamSequenceToken? left, StreamSequenceToken? right) => !Equals(left, right);

        public static bool operator <(StreamSequenceToken? left, StreamSequenceToken? right) => Comparer<StreamSequenceToken>.Default.Compare(left, right) < 0;

        public static bool operator >(StreamSequenceToken? left, StreamSequenceToken? right) => Comparer<StreamSequenceToken>.Default.Compare(left, right) > 0;

        public static bool operator <=(StreamSequenceToken? left, StreamSequenceToken? right) => Comparer<StreamSequenceToken>.Default.Compare(left, right) <= 0;

        public static bool operator >=(StreamSequenceToken? left, StreamSequenceToken? right) => Comparer<StreamSequenceToken>.Default.Compare(left, right) >= 0;
    }

    /// <summary>One subscription of the caller's.</summary>
    public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>>
    {
        public abstract StreamId StreamId { get; }

        public abstract string ProviderName { get; }

        public abstract Guid HandleId { get; }

        public abstract Task UnsubscribeAsync();

        /// <summary>Gives the subscription an observer again; events that came while it had none are gone.</summary>
        public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

        public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null);

        public abstract bool Equals(StreamSubscriptionHandle<T>? other);

        public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

        public override int GetHashCode() => HandleId.GetHashCode();
    }
}

namespace Orleans.Streams.Core
{
    /// <summary>On a grain with <see cref="ImplicitStreamSubscriptionAttribute"/>: asked for an observer when events come and there is none.</summary>
    public interface IStreamSubscriptionObserver
    {
        Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory);
    }

    /// <summary>Makes the handle to resume.</summary>
    public interface IStreamSubscriptionHandleFactory
    {
        StreamId StreamId { get; }

        string ProviderName { get; }

        GuidId SubscriptionId { get; }

        Streams.StreamSubscriptionHandle<T> Create<T>();
    }
}
