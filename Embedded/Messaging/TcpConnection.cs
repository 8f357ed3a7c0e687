using System.Net.Sockets;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>
/// A connection over a stream. Senders encode on their own thread and append to the outbox; one writer at a time takes all there is
/// and writes it in as few calls as it can. The reader decodes frame by frame where it received them.
/// </summary>
internal sealed class TcpConnection(Stream stream, INode node, NodeHello peer) : IConnection, IThreadPoolWorkItem
{
    private readonly MessageCodec _codec = new(node, peer.Address);
    private readonly Outbox _outbox = new();
    private int _closed;

    public NodeHello Peer => peer;

    public void Start() => _ = RunAsync();

    public bool Send(Message message)
    {
        if (Volatile.Read(ref _closed) != 0)
        {
            return false;
        }

        var frame = FrameBuffer.Rent();
        try
        {
            _codec.Write(message, frame);
            if (frame.Bytes.Length > node.NetworkOptions.MaxMessageBytes)
            {
                throw new WireException($"{message} has {frame.Bytes.Length} bytes, more than the {node.NetworkOptions.MaxMessageBytes} allowed. Send large values in pieces.");
            }
        }
        catch (Exception e) when (message.Kind == MessageKind.Response)
        {
            // The caller must learn that its answer cannot be written, instead of waiting for it.
            frame.Return();
            frame = FrameBuffer.Rent();
            message.Answer = Response.FromException(new WireException($"The answer cannot cross the wire. {e.Message}", e));
            _codec.Write(message, frame);
        }

        frame.Finish();
        if (_outbox.Add(frame))
        {
            // Behind the work that is ready: what that work sends goes out in the same write. Ahead of it, each message would be
            // written alone, and the kernel's share of a message is several times ours.
            node.Runtime.Environment.Turns.Yield(this);
        }

        return true;
    }

    public Task FlushAsync() => _outbox.WhenEmpty();

    public void Close(string reason)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            stream.Dispose();
            _outbox.Close();
            node.Closed(this, reason);
        }
    }

    /// <summary>Writes what is there.</summary>
    public void Execute() => _ = WriteAllAsync();

    /// <summary>Reads until the connection ends.</summary>
    public async Task RunAsync()
    {
        var reason = "the peer closed it";
        try
        {
            using var frames = new FrameReader(stream, node.NetworkOptions.MaxMessageBytes);
            while (await frames.FillAsync())
            {
                while (frames.TryRead(out var frame))
                {
                    if (_codec.Read(frame) is { } message)
                    {
                        node.Received(this, message);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            reason = e.Message;
        }
        catch (Exception e)
        {
            // Whatever a peer sends ends its connection, and nothing else.
            reason = e.Message;
            node.Refused($"{peer.Address} sent what cannot be read: {e.Message}");
        }

        Close(reason);
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (_outbox.Take() is { } segment)
            {
                var writing = stream.WriteAsync(segment.Bytes);
                if (!writing.IsCompletedSuccessfully)
                {
                    await writing;
                }

                segment.Release();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            Close(e.Message);
        }
    }
}
