namespace Orleans.Dask.Streams;

/// <summary>A node with one entrance.</summary>
internal abstract class OperatorNode<TIn, TOut>(string name) : StreamNode<TOut>(name), IStreamTarget<TIn>, StreamNode.IPort
{
    StreamNode StreamNode.IPort.Node => this;

    public abstract ValueTask ReceiveAsync(TIn item);
}
