namespace Orleans.Dask.Streams;

/// <summary>What one can do with events. Names are those of streamz.</summary>
public static partial class StreamOperators
{
    /// <summary>The events for which the function is true.</summary>
    public static StreamNode<T> Filter<T>(this StreamNode<T> source, Func<T, bool> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Connected(source, new FilterNode<T>(function));
    }

    private sealed class FilterNode<T>(Func<T, bool> function) : OperatorNode<T, T>("filter")
    {
        public override ValueTask ReceiveAsync(T item) => function(item) ? PublishAsync(item) : default;
    }
}
