namespace Orleans.Dask.Streams;

/// <summary>
/// A stream whose events are values on a cluster: the same operators, but their functions are submitted as tasks. An event is on its
/// way as soon as its task is; <see cref="Buffer"/> bounds how many are, and <see cref="Gather"/> brings the results home in their order.
/// </summary>
/// <example><code>
/// source.Scatter(client).Map(Expensive).Buffer(16).Gather().Sink(Console.WriteLine);
/// </code></example>
/// <typeparam name="T">The values.</typeparam>
public sealed class FutureStream<T>
{
    private readonly StreamNode<Future<T>> _futures;
    private readonly DaskClient _client;

    internal FutureStream(StreamNode<Future<T>> futures, DaskClient client)
    {
        _futures = futures;
        _client = client;
    }

    /// <summary>The futures themselves, for a sink of one's own.</summary>
    public StreamNode<Future<T>> Futures => _futures;

    /// <summary>Each value through a function, as a task where the value is.</summary>
    public FutureStream<TOut> Map<TOut>(Func<T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new FutureStream<TOut>(_futures.Map(value => _client.Submit(function, value)), _client);
    }

    /// <summary>A running fold from a first state, each step a task that waits for the one before.</summary>
    public FutureStream<TState> Accumulate<TState>(Func<TState, T, TState> function, TState start)
    {
        ArgumentNullException.ThrowIfNull(function);
        Future<TState>? state = null;
        return new FutureStream<TState>(
            _futures.Map(value => state = state is null ? _client.Submit(function, start, value) : _client.Submit(function, state, value)), _client);
    }

    /// <summary>Pairs with the values of another such stream.</summary>
    public FutureStream<(T, TOther)> Zip<TOther>(FutureStream<TOther> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new FutureStream<(T, TOther)>(
            _futures.Zip(other._futures).Map(pair => _client.Submit(static (T left, TOther right) => (left, right), pair.Item1, pair.Item2)), _client);
    }

    /// <summary>Lets up to <paramref name="n"/> events be on their way beyond those that are being gathered; the next emit waits.</summary>
    public FutureStream<T> Buffer(int n) => new(_futures.Buffer(n), _client);

    /// <summary>The door back: values here, in the order of their events. A task that failed fails the emit (behind a buffer: a later one).</summary>
    public StreamNode<T> Gather() => _futures.MapAsync(future => new ValueTask<T>(future.ResultAsync()));
}

public static partial class StreamOperators
{
    /// <summary>The door to a cluster: each event becomes a value there, and what follows runs as tasks. Until its future is gone the event is kept here too: a lost silo loses none.</summary>
    /// <param name="source">The events.</param>
    /// <param name="client">Must stay open as long as events come.</param>
    public static FutureStream<T> Scatter<T>(this StreamNode<T> source, DaskClient client)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(client);
        return new FutureStream<T>(source.MapAsync(value => new ValueTask<Future<T>>(client.KeepAsync(value))), client);
    }
}
