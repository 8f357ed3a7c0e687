namespace Orleans.Dask.Streams;

public static partial class StreamOperators
{
    /// <summary>Each event through a function.</summary>
    public static StreamNode<TOut> Map<T, TOut>(this StreamNode<T> source, Func<T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Connected(source, new MapNode<T, TOut>(function));
    }

    /// <summary>Each event through a function that may wait; the next one waits with it.</summary>
    public static StreamNode<TOut> MapAsync<T, TOut>(this StreamNode<T> source, Func<T, ValueTask<TOut>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Connected(source, new MapAsyncNode<T, TOut>(function));
    }

    private static TNode Connected<T, TNode>(StreamNode<T> source, TNode node)
        where TNode : IStreamTarget<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        source.Connect(node);
        return node;
    }

    private sealed class MapNode<T, TOut>(Func<T, TOut> function) : OperatorNode<T, TOut>("map")
    {
        public override ValueTask ReceiveAsync(T item) => PublishAsync(function(item));
    }

    private sealed class MapAsyncNode<T, TOut>(Func<T, ValueTask<TOut>> function) : OperatorNode<T, TOut>("map")
    {
        public override ValueTask ReceiveAsync(T item)
        {
            var mapped = function(item);
            return mapped.IsCompletedSuccessfully ? PublishAsync(mapped.Result) : AwaitedAsync(mapped);
        }

        private async ValueTask AwaitedAsync(ValueTask<TOut> mapped) => await PublishAsync(await mapped);
    }
}
