using System.Threading.Channels;

namespace Orleans.Dask.Streams;

public static partial class StreamOperators
{
    /// <summary>Lets events in ahead of those that are still on their way: the emit returns while up to <paramref name="n"/> of them wait here.</summary>
    /// <remarks>A later node that fails ends the buffer: the next emit tells why.</remarks>
    public static StreamNode<T> Buffer<T>(this StreamNode<T> source, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return Connected(source, new BufferNode<T>(n));
    }

    private sealed class BufferNode<T> : OperatorNode<T, T>
    {
        private readonly Channel<T> _items;

        public BufferNode(int n)
            : base("buffer")
        {
            _items = Channel.CreateBounded<T>(new BoundedChannelOptions(n) { SingleReader = true });
            _ = PumpAsync();
        }

        public override ValueTask ReceiveAsync(T item) => _items.Writer.WriteAsync(item);

        private async Task PumpAsync()
        {
            try
            {
                // Not ReadAllAsync, which goes on where it likes: the nodes after this one run where their builder's awaits do.
                while (await _items.Reader.WaitToReadAsync())
                {
                    while (_items.Reader.TryRead(out var item))
                    {
                        await PublishAsync(item);
                    }
                }
            }
            catch (Exception failed)
            {
                _items.Writer.TryComplete(failed);
            }
        }
    }
}
