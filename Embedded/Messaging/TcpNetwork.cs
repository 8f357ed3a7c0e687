using System.Net;
using System.Net.Sockets;
using Orleans.Runtime.Messaging;

namespace Orleans.Embedded;

/// <summary>Connections between processes.</summary>
internal sealed class TcpNetwork : INetwork
{
    public IListener Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
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
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = new CancellationTokenSource(node.NetworkOptions.HandshakeTimeout, node.Runtime.Environment.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            var stream = new NetworkStream(socket, ownsSocket: true);
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
                _ => new ConnectionFailedException($"{endpoint} cannot be reached: {e.Message}", e) { IsTransient = true },
            };
        }
    }
}
