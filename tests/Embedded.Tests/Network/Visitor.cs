using System.Net.Sockets;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>A client made of its wire alone: it proves that it belongs to the cluster, and then does what a test wants.</summary>
internal sealed class Visitor(EmbeddedSilo silo, Guid? id = null) : INode
{
    private int _refused;
    private int _closed;

    public NodeHello Hello { get; } = new(new NodeAddress(id ?? Guid.Parse("11111111-2222-3333-4444-555555555555")), silo.ClusterId);

    public NetworkOptions NetworkOptions => silo.NetworkOptions;

    public RuntimeClient Runtime => silo.Runtime;

    /// <summary>Lines for the log.</summary>
    public int RefusedLines => Volatile.Read(ref _refused);

    public int ClosedConnections => Volatile.Read(ref _closed);

    public Action<IConnection, Message>? OnReceived { get; init; }

    public void Opened(IConnection connection)
    {
    }

    public void Received(IConnection connection, Message message) => OnReceived?.Invoke(connection, message);

    public void Closed(IConnection connection, string reason) => Interlocked.Increment(ref _closed);

    public void Refused(string reason) => Interlocked.Increment(ref _refused);

    /// <summary>A stream to the silo's gateway, past the handshake.</summary>
    public async Task<NetworkStream> EnterAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(silo.GatewayAddress.Endpoint);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await Handshake.ConnectAsync(stream, this, "the silo", CancellationToken.None);
        return stream;
    }

    /// <summary>The bytes of a request to a grain.</summary>
    public byte[] Frame(long id, GrainId grain, Orleans.Embedded.Invocation call) =>
        Bytes(new Message { Kind = MessageKind.Request, Id = id, Caller = Hello.Address, Target = grain, Call = call });

    /// <summary>A message as it stands on the wire, in pieces if it is long.</summary>
    public byte[] Bytes(Message message)
    {
        var buffer = FrameBuffer.Rent(NetworkOptions.MaxMessageBytes);
        new MessageCodec(this, Hello.Address).Write(message, buffer);
        var outbox = new Outbox(long.MaxValue);
        outbox.Add(buffer);
        var written = new MemoryStream();
        while (outbox.Take(out _) is { IsEmpty: false } bytes)
        {
            written.Write(bytes.Span);
        }

        return written.ToArray();
    }

    /// <summary>A call of an echo grain with the arguments it has when nobody sets any.</summary>
    public static Orleans.Embedded.Invocation EmptyCall(string method) => GrainInterfaces.Get(typeof(IEchoGrain)).Methods.Single(m => m.Name == method).Create();

    /// <summary>Everything until the other side ends.</summary>
    public static async Task<int> ReceiveAllAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var total = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var read)
            {
                total += read;
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            // Closed with bytes of ours unread: as good as an end.
        }

        return total;
    }
}
