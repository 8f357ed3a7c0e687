namespace Orleans.Dask.Streams;

public static partial class StreamOperators
{
    /// <summary>All events of this node and of the others, as they come.</summary>
    public static StreamNode<T> Union<T>(this StreamNode<T> source, params ReadOnlySpan<StreamNode<T>> others)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new UnionNode<T>([source, .. others]);
    }

    private sealed class UnionNode<T> : JoinNode<T>
    {
        public UnionNode(StreamNode<T>[] sources)
            : base("union")
        {
            foreach (var source in sources)
            {
                source.Connect(new Side(this));
            }
        }

        private sealed class Side(UnionNode<T> union) : Port<T>(union)
        {
            public override ValueTask ReceiveAsync(T item)
            {
                lock (union.Gate)
                {
                    if (!union.IsMyTurn(item, out var taken))
                    {
                        return taken;
                    }
                }

                return union.PublishInTurnAsync(item);
            }
        }
    }
}
