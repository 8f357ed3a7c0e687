using Orleans.Embedded;
using Orleans.Streams;

namespace Orleans
{
    /// <summary>Streams as grains get at them.</summary>
    public static class GrainStreamingExtensions
    {
        public static IStreamProvider GetStreamProvider(this Grain grain, string name) => GetStreamProvider((IGrainBase)grain, name);

        public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name)
        {
            ArgumentNullException.ThrowIfNull(grain);
            return MemoryStreamProvider.Named(grain.GrainContext.ActivationServices, name);
        }
    }

    /// <summary>Streams as clients get at them.</summary>
    public static class ClientStreamingExtensions
    {
        public static IStreamProvider GetStreamProvider(this IClusterClient client, string name)
        {
            ArgumentNullException.ThrowIfNull(client);
            return MemoryStreamProvider.Named(client.ServiceProvider, name);
        }
    }
}

namespace Orleans.Streams
{
    /// <summary>Subscribing with delegates.</summary>
    public static class AsyncObservableExtensions
    {
        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(this IAsyncObservable<T> obs, Func<T, StreamSequenceToken, Task> onNextAsync) =>
            SubscribeAsync(obs, onNextAsync, static _ => Task.CompletedTask, static () => Task.CompletedTask);

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs,
            Func<T, StreamSequenceToken, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync) =>
            SubscribeAsync(obs, onNextAsync, onErrorAsync, static () => Task.CompletedTask);

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs,
            Func<T, StreamSequenceToken, Task> onNextAsync,
            Func<Task> onCompletedAsync) =>
            SubscribeAsync(obs, onNextAsync, static _ => Task.CompletedTask, onCompletedAsync);

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs,
            Func<T, StreamSequenceToken, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync,
            Func<Task> onCompletedAsync)
        {
            ArgumentNullException.ThrowIfNull(obs);
            return obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync));
        }
    }

    /// <summary>Resuming with delegates.</summary>
    public static class StreamSubscriptionHandleExtensions
    {
        public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
            this StreamSubscriptionHandle<T> handle,
            Func<T, StreamSequenceToken, Task> onNextAsync,
            StreamSequenceToken? token = null)
        {
            ArgumentNullException.ThrowIfNull(handle);
            return handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, static _ => Task.CompletedTask, static () => Task.CompletedTask), token);
        }

        public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
            this StreamSubscriptionHandle<T> handle,
            Func<T, StreamSequenceToken, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync,
            Func<Task> onCompletedAsync,
            StreamSequenceToken? token = null)
        {
            ArgumentNullException.ThrowIfNull(handle);
            return handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync), token);
        }
    }
}

namespace Orleans.Hosting
{
    /// <summary>Registers memory streams.</summary>
    public static class MemoryStreamExtensions
    {
        /// <summary>Streams that live in grains: what their silo loses is lost. Subscriptions are kept in the store "PubSubStore".</summary>
        public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name)
        {
            ArgumentNullException.ThrowIfNull(builder);
            MemoryStreamProvider.Add(builder.Services, name);
            return builder;
        }

        /// <inheritdoc cref="AddMemoryStreams(ISiloBuilder, string)"/>
        public static IClientBuilder AddMemoryStreams(this IClientBuilder builder, string name)
        {
            ArgumentNullException.ThrowIfNull(builder);
            MemoryStreamProvider.Add(builder.Services, name);
            return builder;
        }
    }
}
