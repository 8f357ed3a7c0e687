namespace Orleans.Dask.Streams;

public static partial class StreamOperators
{
    /// <summary>Calls a function with each event. Dispose the returned value to stop that.</summary>
    public static IDisposable Sink<T>(this StreamNode<T> source, Action<T> function)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(function);
        return new SinkNode<T>(source, function);
    }

    /// <summary>Calls a function with each event; the next one waits until it has ended. Dispose the returned value to stop that.</summary>
    public static IDisposable SinkAsync<T>(this StreamNode<T> source, Func<T, ValueTask> function)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(function);
        return new SinkAsyncNode<T>(source, function);
    }

    private sealed class SinkNode<T> : StreamNode, IStreamTarget<T>, StreamNode.IPort, IDisposable
    {
        private readonly StreamNode<T> _source;
        private readonly Action<T> _function;

        public SinkNode(StreamNode<T> source, Action<T> function)
            : base("sink")
        {
            (_source, _function) = (source, function);
            source.Connect(this);
        }

        StreamNode IPort.Node => this;

        public ValueTask ReceiveAsync(T item)
        {
            _function(item);
            return default;
        }

        public void Dispose() => _source.Disconnect(this);
    }

    private sealed class SinkAsyncNode<T> : StreamNode, IStreamTarget<T>, StreamNode.IPort, IDisposable
    {
        private readonly StreamNode<T> _source;
        private readonly Func<T, ValueTask> _function;

        public SinkAsyncNode(StreamNode<T> source, Func<T, ValueTask> function)
            : base("sink")
        {
            (_source, _function) = (source, function);
            source.Connect(this);
        }

        StreamNode IPort.Node => this;

        public ValueTask ReceiveAsync(T item) => _function(item);

        public void Dispose() => _source.Disconnect(this);
    }
}
