using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Orleans.Embedded.Serialization;
using Orleans.Runtime.Messaging;

namespace Orleans.Embedded;

/// <summary>Connections inside a process. Messages are handed over as objects, their arguments copied as the wire would.</summary>
/// <remarks>
/// There is no outbox to be bounded here, since nothing waits on the way: who sends delivers, on its own thread, and a receiver that
/// does not read cannot be. What has been delivered and not answered is bounded where it is over TCP too, in the caller's table
/// (<see cref="ConnectionOptions.MaxPendingCalls"/>).
/// </remarks>
internal sealed class MemoryNetwork : INetwork
{
    private const int FirstFreePort = 50_000;

    private readonly ConcurrentDictionary<IPEndPoint, Listener> _listeners = new();
    private int _lastPort = FirstFreePort;

    public bool Knows(IPEndPoint endpoint) => _listeners.ContainsKey(endpoint);

    public IListener Bind(IPEndPoint endpoint)
    {
        if (endpoint.Port == 0)
        {
            endpoint = new IPEndPoint(endpoint.Address, Interlocked.Increment(ref _lastPort));
        }

        var listener = new Listener(this, endpoint);
        return _listeners.TryAdd(endpoint, listener)
            ? listener
            : throw new ConnectionFailedException($"{endpoint} is taken by another silo of this process. Give each silo its own ports.");
    }

    public Task<IConnection> ConnectAsync(IPEndPoint endpoint, INode node, CancellationToken cancellationToken)
    {
        if (!_listeners.TryGetValue(endpoint, out var listener) || listener.Node is not { } other)
        {
            throw new ConnectionFailedException($"Nobody listens on {endpoint}.") { IsTransient = true };
        }

        if (Handshake.Mismatch(node.Hello, other.Hello) is { } mismatch)
        {
            other.Refused(mismatch);
            throw new ConnectionFailedException(mismatch);
        }

        if (!CryptographicOperations.FixedTimeEquals(node.NetworkOptions.Secret.Span, other.NetworkOptions.Secret.Span))
        {
            other.Refused(Handshake.WrongSecret(node.Hello));
            throw new ConnectionFailedException(Handshake.WrongSecret(other.Hello));
        }

        var mine = new Connection(node, other.Hello);
        var theirs = new Connection(other, node.Hello);
        mine.Other = theirs;
        theirs.Other = mine;
        listener.Add(theirs);
        other.Opened(theirs);
        return Task.FromResult<IConnection>(mine);
    }

    private sealed class Listener(MemoryNetwork network, IPEndPoint endpoint) : IListener
    {
        private readonly ConcurrentDictionary<Connection, byte> _accepted = new();

        public IPEndPoint Endpoint => endpoint;

        public INode? Node { get; private set; }

        public void Start(INode node) => Node = node;

        public void Add(Connection connection)
        {
            connection.Gone = () => _accepted.TryRemove(connection, out _);
            _accepted.TryAdd(connection, 0);
        }

        public void Dispose()
        {
            network._listeners.TryRemove(KeyValuePair.Create(endpoint, this));
            foreach (var connection in _accepted.Keys)
            {
                connection.Close("its listener was closed");
            }
        }
    }

    /// <summary>One end: what is sent here arrives at the other end's node, on the sender's thread.</summary>
    private sealed class Connection(INode owner, NodeHello peer) : IConnection
    {
        private int _closed;

        public Connection Other { get; set; } = null!;

        public Action? Gone { get; set; }

        public NodeHello Peer => peer;

        public bool Send(Message message)
        {
            if (Volatile.Read(ref _closed) != 0)
            {
                return false;
            }

            Other.Deliver(CopyFor(message, Other.Owner.Runtime));
            return true;
        }

        public Task FlushAsync() => Task.CompletedTask;

        public void Close(string reason)
        {
            CloseHere(reason);
            Other.CloseHere(reason);
        }

        private void Deliver(Message message) => owner.Received(this, message);

        private void CloseHere(string reason)
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                Gone?.Invoke();
                owner.Closed(this, reason);
            }
        }

        private INode Owner => owner;

        private static Message CopyFor(Message message, RuntimeClient receiver)
        {
            var copy = new Message
            {
                Kind = message.Kind,
                Id = message.Id,
                Caller = message.Caller,
                Gateway = message.Gateway,
                Target = message.Target,
                Context = message.Context,
                NewPlacement = message.NewPlacement,
                Hops = message.Hops,
                Sequence = message.Sequence,
                AnsweredBy = message.AnsweredBy,
            };
            switch (message.Kind)
            {
                case MessageKind.Response:
                    copy.Answer = CopyOf(message.Answer, receiver);
                    break;
                case MessageKind.Request or MessageKind.OneWay:
                    copy.Call = message.CallFor(receiver);
                    copy.OwnsCall = true;
                    // The caller's token comes along: in one process a cancel needs no message.
                    break;
            }

            return copy;
        }

        private static Response CopyOf(Response answer, RuntimeClient receiver)
        {
            CopyContext.Receiver = receiver;
            try
            {
                return answer.CopyForLocalCall();
            }
            catch (Exception e)
            {
                return Response.FromException(e);
            }
            finally
            {
                CopyContext.Receiver = null;
            }
        }
    }
}
