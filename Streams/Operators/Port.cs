namespace Orleans.Dask.Streams;

/// <summary>One of several entrances of a node.</summary>
internal abstract class Port<T>(StreamNode node) : IStreamTarget<T>, StreamNode.IPort
{
    public StreamNode Node => node;

    public abstract ValueTask ReceiveAsync(T item);
}
