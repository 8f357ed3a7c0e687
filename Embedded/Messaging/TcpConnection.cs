using System.Net.Sockets;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// A connection over a stream. Senders write their message on their own thread and add it to the outbox; one writer at a time takes
/// all there is and sends it in as few system calls as it can. The reader reads messages where it received them, long ones beside the
/// loop that receives. Nothing that this peer does, or fails to do, stops the reading: see <see cref="Outbox"/>.
/// </summary>
internal sealed class TcpConnection(Stream stream, INode node, NodeHello peer) : IConnection, IThreadPoolWorkItem
{
    private readonly NetworkOptions _options = node.NetworkOptions;
    private readonly MessageCodec _codec = new(node, peer.Address);
    private readonly Outbox _outbox = new(node.NetworkOptions.SendAheadBytes);
    private int _closed;
    private int _spoilt;

    public NodeHello Peer => peer;

    /// <summary>Bytes written by senders that the peer has not yet taken.</summary>
    public long Unsent => _outbox.Unsent;

    /// <summary>Calls that wait to be written, and requests of the peer that wait to begin.</summary>
    public int Waiting => _outbox.Waiting;

    public void Start() => _ = RunAsync();

    public bool Send(Message message)
    {
        if (Volatile.Read(ref _closed) != 0)
        {
            return false;
        }

        if (!message.MayWait)
        {
            Write(message, IsTooMuch(message) ? FrameBuffer.LongestWhole : _options.MaxMessageBytes);
            return true;
        }

        switch (_outbox.RoomForCall)
        {
            case Room.Any:
                Write(message, _options.MaxMessageBytes);
                break;
            case Room.Short when TryWriteShort(message):
                break;
            case Room.None or Room.Short when _outbox.Waiting >= _options.MaxPendingCalls:
                Unwritable(message, new OrleansMessageRejectionException($"{_options.MaxPendingCalls} calls wait for {peer.Address}, which reads too slowly. Await some before making more."));
                break;
            default:
                message.Keep(node.Runtime);
                if (!_outbox.TryPark(message))
                {
                    Write(message, _options.MaxMessageBytes);
                    message.Departure?.TrySetResult();
                }

                break;
        }

        return true;
    }

    public bool TryHold(Message request, TurnQueue queue)
    {
        if (!_outbox.TryHold(request, queue))
        {
            return false;
        }

        if (_outbox.HeldBytes > _options.MaxUnsentBytes)
        {
            Close($"it goes on asking and takes no answer: {_outbox.HeldBytes} bytes of requests wait");
        }

        return true;
    }

    public Task FlushAsync() => _outbox.WhenEmpty();

    public void Close(string reason)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            stream.Dispose();
            foreach (var call in _outbox.Close())
            {
                call.Departure?.TrySetResult();
                node.Runtime.Reject(call, new SiloUnavailableException($"The connection to {peer.Address} was closed before the call left: {reason}."));
            }

            node.Closed(this, reason);
        }
    }

    /// <summary>Writes what is there.</summary>
    public void Execute() => _ = SendAllAsync();

    /// <summary>Reads until the connection ends.</summary>
    public async Task RunAsync()
    {
        var reason = "the peer closed it";
        var longMessages = new LongMessages(this, node);
        try
        {
            using var frames = new FrameReader(stream, _options.MaxMessageBytes);
            while (await frames.FillAsync())
            {
                while (frames.TryRead(out var message, out var longMessage))
                {
                    if (longMessage is null)
                    {
                        Received(_codec, message);
                    }
                    else
                    {
                        await longMessages.AddAsync(longMessage);
                    }
                }
            }

            if (!frames.IsBetweenMessages)
            {
                reason = "the peer closed it in the middle of a message";
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            reason = e.Message;
        }
        catch (Exception e)
        {
            // Whatever a peer sends ends its connection, and nothing else.
            Spoilt(e);
        }

        Close(reason);
    }

    /// <summary>An answer for a peer that leaves too many lie: a long one is replaced by an error.</summary>
    private bool IsTooMuch(Message message) =>
        message.Kind == MessageKind.Response && _outbox.Unsent > _options.MaxUnsentBytes && (message.Target == default || !NodeGrains.IsSystem(message.Target));

    private void Spoilt(Exception e)
    {
        if (Volatile.Read(ref _closed) == 0 && Interlocked.Exchange(ref _spoilt, 1) == 0)
        {
            node.Refused($"{peer.Address} sent what cannot be read: {e.Message}");
            Close(e.Message);
        }
    }

    private void Received(MessageCodec codec, ReadOnlySpan<byte> bytes)
    {
        if (codec.Read(bytes) is { } message)
        {
            if (message.Kind == MessageKind.Request)
            {
                (message.CameBy, message.Size) = (this, bytes.Length);
            }

            node.Received(this, message);
        }
    }

    /// <returns>False: it is long.</returns>
    private bool TryWriteShort(Message message)
    {
        var bytes = FrameBuffer.Rent(FrameBuffer.LongestWhole);
        try
        {
            _codec.Write(message, bytes);
        }
        catch (WireException) when (bytes.IsOverLimit)
        {
            bytes.Return();
            return false;
        }
        catch (Exception e)
        {
            bytes.Return();
            Unwritable(message, e);
            return true;
        }

        Add(bytes);
        return true;
    }

    private void Write(Message message, int limit)
    {
        var bytes = FrameBuffer.Rent(limit);
        try
        {
            _codec.Write(message, bytes);
        }
        catch (Exception e)
        {
            var tooMuch = bytes.IsOverLimit && limit < _options.MaxMessageBytes;
            bytes.Return();
            Unwritable(message, tooMuch ? new WireException($"{_outbox.Unsent} bytes wait for {peer.Address}, which reads too slowly; {_options.MaxUnsentBytes} are allowed. Ask for less at a time.") : e);
            return;
        }

        Add(bytes);
    }

    private void Add(FrameBuffer bytes)
    {
        if (_outbox.Add(bytes))
        {
            // Behind the work that is ready: what that work sends goes out in the same write. Ahead of it, each message would be
            // written alone, and the kernel's share of a message is several times ours.
            node.Runtime.Environment.Turns.Yield(this);
        }
        else if (_outbox.UnsentShort > _options.MaxUnsentBytes)
        {
            Close($"{_outbox.UnsentShort} bytes of short messages wait for it: it does not read");
        }
    }

    /// <summary>One message fails, and nothing else: its caller must learn of it, instead of waiting.</summary>
    private void Unwritable(Message message, Exception e)
    {
        switch (message.Kind)
        {
            case MessageKind.Response:
                message.Answer = Response.FromException(new WireException($"The answer cannot cross the wire. {e.Message}", e));
                var bytes = FrameBuffer.Rent(_options.MaxMessageBytes);
                _codec.Write(message, bytes);
                Add(bytes);
                break;
            case MessageKind.Request or MessageKind.OneWay:
                node.Runtime.Finished(message);
                node.Runtime.Reject(message, e);
                break;
            default:
                node.Runtime.Lost(message, e);
                break;
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                var bytes = _outbox.Take(out var hasRoom);
                if (hasRoom)
                {
                    node.Runtime.Environment.Turns.Schedule(new LettingIn(this));
                }

                if (bytes.IsEmpty)
                {
                    return;
                }

                var sending = stream.WriteAsync(bytes);
                if (!sending.IsCompletedSuccessfully)
                {
                    await sending;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            Close(e.Message);
        }
    }

    /// <summary>Writes calls that waited, one after the other: beside the sending, and while it goes on.</summary>
    private sealed class LettingIn(TcpConnection connection) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            while (connection._outbox.LetIn() is { } call)
            {
                if (!call.IsGivenUp)
                {
                    connection.Write(call, connection._options.MaxMessageBytes);
                }

                call.Departure?.TrySetResult();
            }
        }
    }

    /// <summary>
    /// Reads long messages on turns of their own, so that the short ones behind them need not wait. The receiving loop is ahead by
    /// one at most; reading asks nothing of any peer, so waiting for it ends.
    /// </summary>
    private sealed class LongMessages(TcpConnection connection, INode node) : IThreadPoolWorkItem
    {
        private readonly MessageCodec _codec = new(node, connection.Peer.Address);
        private TaskCompletionSource? _reading;
        private FrameReader.LongMessage _message = null!;

        public async ValueTask AddAsync(FrameReader.LongMessage message)
        {
            if (_reading is { } before)
            {
                await before.Task;
            }

            _reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _message = message;
            node.Runtime.Environment.Turns.Yield(this);
        }

        public void Execute()
        {
            try
            {
                connection.Received(_codec, _message.Bytes);
            }
            catch (Exception e)
            {
                connection.Spoilt(e);
            }

            _message.Release();
            _reading!.SetResult();
        }
    }
}
