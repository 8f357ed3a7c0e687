using System.Threading.Channels;
using Orleans.Streams;

namespace Orleans.Dask.Streams;

/// <summary>
/// The events of an Orleans stream as the source of a pipeline in a client's process: <see cref="StartAsync"/> subscribes,
/// <see cref="DisposeAsync"/> unsubscribes and lets the pipeline finish what has come. Functions of the pipeline run on threads of
/// this process, never on a grain's turn.
/// </summary>
/// <remarks>Delivery is the stream provider's: memory streams lose what their silo loses. A pipeline that is too slow fills the buffer and then holds the provider back.</remarks>
/// <typeparam name="T">The events.</typeparam>
public sealed class OrleansStreamSource<T> : StreamNode<T>, IAsyncDisposable
{
    private readonly IAsyncStream<T> _stream;
    private readonly Channel<T> _arrived;
    private StreamSubscriptionHandle<T>? _subscription;
    private Task _pump = Task.CompletedTask;

    /// <summary>A source that has not been started.</summary>
    /// <param name="stream">Whose events it takes.</param>
    /// <param name="buffer">Events that may wait for the pipeline, at least 1.</param>
    public OrleansStreamSource(IAsyncStream<T> stream, int buffer = 1024)
        : base("orleans stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        _stream = stream;
        _arrived = Channel.CreateBounded<T>(new BoundedChannelOptions(buffer) { SingleReader = true });
    }

    /// <summary>Ends when the source is disposed, with the exception of the function that failed, if one did; then no event is taken any more.</summary>
    public Task Completion => _pump;

    /// <summary>Subscribes: events that are published from now on come in. Build the pipeline before.</summary>
    /// <exception cref="InvalidOperationException">Started before, or within a grain, on whose turns the pipeline would run.</exception>
    public async Task StartAsync()
    {
        if (TaskScheduler.Current != TaskScheduler.Default)
        {
            throw new InvalidOperationException("A pipeline cannot be started on a grain's turn: its functions would run there. Start it in a client's process.");
        }

        if (_subscription is not null)
        {
            throw new InvalidOperationException("The source has been started already.");
        }

        // Events wait in the buffer until somebody takes them; a start that fails can be tried again.
        _subscription = await _stream.SubscribeAsync(async (item, _) => await TakeAsync(item));
        _pump = PumpAsync();
    }

    /// <summary>Takes no more events, and waits until the pipeline is done with those that came.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_subscription is not null)
        {
            await _subscription.UnsubscribeAsync();
        }

        _arrived.Writer.TryComplete();
        await _pump;
    }

    private async ValueTask TakeAsync(T item)
    {
        // Full: the provider waits. Closed: an event that was on its way when the source was disposed.
        while (await _arrived.Writer.WaitToWriteAsync() && !_arrived.Writer.TryWrite(item))
        {
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            while (await _arrived.Reader.WaitToReadAsync())
            {
                while (_arrived.Reader.TryRead(out var item))
                {
                    await PublishAsync(item);
                }
            }
        }
        catch
        {
            _arrived.Writer.TryComplete();
            throw;
        }
    }
}
