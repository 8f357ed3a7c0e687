using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Orleans.Runtime.Messaging;

namespace Orleans.Embedded;

/// <summary>Connections between processes.</summary>
internal sealed class TcpNetwork : INetwork
{
    // What lies in the kernel's buffers is ahead of every message that comes later: enough to keep both sides busy, and no more.
    private const int KernelBuffer = 512 * 1024;

    public IListener Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Accepted sockets have the listener's buffers.
            (socket.SendBufferSize, socket.ReceiveBufferSize) = (KernelBuffer, KernelBuffer);
            socket.Bind(endpoint);
            socket.Listen(512);
            return new TcpDoor(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ConnectionFailedException($"{endpoint} cannot be listened on: {e.Message}. Choose another port, or stop what uses this one.", e);
        }
    }

    public async Task<IConnection> ConnectAsync(IPEndPoint endpoint, INode node, CancellationToken cancellationToken)
    {
        var tls = node.NetworkOptions.Tls;
        if (OffLoopback.Forbids(endpoint.Address, tls) is { } reason)
        {
            throw new ConnectionFailedException(reason);
        }

        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = KernelBuffer, ReceiveBufferSize = KernelBuffer };
        using var patience = new CancellationTokenSource(node.NetworkOptions.HandshakeTimeout, node.Runtime.Environment.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var duringTls = false;
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null)
            {
                duringTls = true;
                stream = await tls.ConnectAsync(stream, either.Token);
                duringTls = false;
            }

            var peer = await Handshake.ConnectAsync(stream, node, endpoint.ToString(), either.Token);
            var connection = new TcpConnection(stream, node, peer);
            connection.Start();
            return connection;
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e switch
            {
                ConnectionFailedException => e,
                OperationCanceledException when patience.IsCancellationRequested => new ConnectionFailedException($"{endpoint} did not finish the handshake within {node.NetworkOptions.HandshakeTimeout}.", e) { IsTransient = true },
                OperationCanceledException => e,
                InvalidDataException => new ConnectionFailedException(e.Message, e),
                AuthenticationException => new ConnectionFailedException($"{endpoint} speaks no TLS that this node does: {e.Message} Call UseTls there too, or nowhere.", e),
                IOException when duringTls => new ConnectionFailedException($"{endpoint} hung up during the TLS handshake, its log says why: {e.Message} Call UseTls there too, or nowhere.", e) { IsTransient = true },
                _ => new ConnectionFailedException($"{endpoint} cannot be reached: {e.Message}", e) { IsTransient = true },
            };
        }
    }
}
