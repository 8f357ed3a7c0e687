using System.Net;

namespace Orleans.Embedded;

/// <summary>Connections between nodes. What travels are messages; how, is the network's business.</summary>
internal interface INetwork
{
    /// <summary>Takes the endpoint (port 0: any free one). Nothing is accepted before <see cref="IListener.Start"/>.</summary>
    IListener Bind(IPEndPoint endpoint);

    /// <summary>Connects, and proves to each side that the other belongs to its cluster.</summary>
    /// <exception cref="Orleans.Runtime.Messaging.ConnectionFailedException">Nobody there, or refused: the message says why.</exception>
    Task<IConnection> ConnectAsync(IPEndPoint endpoint, INode node, CancellationToken cancellationToken);
}

/// <summary>A taken endpoint.</summary>
internal interface IListener : IDisposable
{
    IPEndPoint Endpoint { get; }

    void Start(INode node);
}

/// <summary>A way to one other node. Messages arrive in the order sent, or not at all.</summary>
internal interface IConnection
{
    NodeHello Peer { get; }

    /// <summary>
    /// Hands the message over; its content is taken before this returns. A call may wait here while its receiver is slow; one that
    /// cannot be written is rejected. False: the connection is closed.
    /// </summary>
    bool Send(Message message);

    /// <summary>Completes when what was sent before has left this process.</summary>
    Task FlushAsync();

    /// <summary>
    /// Takes a request, that came on this connection and is about to begin, when the peer does not take the answers that wait for it
    /// already. It is posted to <paramref name="queue"/> again when they have left.
    /// </summary>
    bool TryHold(Message request, TurnQueue queue) => false;

    void Close(string reason);
}

/// <summary>The silo or client that owns a connection's end. Called on the network's threads: quickly, please.</summary>
internal interface INode
{
    NodeHello Hello { get; }

    NetworkOptions NetworkOptions { get; }

    RuntimeClient Runtime { get; }

    void Opened(IConnection connection);

    void Received(IConnection connection, Message message);

    void Closed(IConnection connection, string reason);

    /// <summary>Somebody at the door who does not belong here; told once each.</summary>
    void Refused(string reason);
}
