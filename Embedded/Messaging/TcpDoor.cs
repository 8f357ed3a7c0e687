using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Orleans.Embedded;

/// <summary>Accepts connections. Strangers cost a socket and a few kilobytes for as long as a handshake may take, and no more of them than the limit.</summary>
internal sealed class TcpDoor(Socket socket) : IListener
{
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<TcpConnection, byte> _open = new();
    private int _count;
    private int _handshakes;

    public IPEndPoint Endpoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

    public void Start(INode node) => _ = AcceptAllAsync(node);

    public void Dispose()
    {
        _closed.Cancel();
        socket.Dispose();
        foreach (var connection in _open.Keys)
        {
            connection.Close("its listener was closed");
        }
    }

    private async Task AcceptAllAsync(INode node)
    {
        while (!_closed.IsCancellationRequested)
        {
            Socket accepted;
            try
            {
                accepted = await socket.AcceptAsync(_closed.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // The peer was gone before it was accepted, or descriptors ran out: the door stays open.
                node.Refused($"a connection could not be accepted: {e.Message}");
                await Task.Yield();
                continue;
            }

            if (Volatile.Read(ref _count) >= node.NetworkOptions.MaxConnections)
            {
                accepted.Dispose();
                node.Refused($"there are {node.NetworkOptions.MaxConnections} connections already (ConnectionOptions.MaxConnections)");
            }
            else if (Volatile.Read(ref _handshakes) >= node.NetworkOptions.MaxHandshakes)
            {
                accepted.Dispose();
                node.Refused($"there are {node.NetworkOptions.MaxHandshakes} connections in handshake already (ConnectionOptions.MaxHandshakes)");
            }
            else
            {
                Interlocked.Increment(ref _count);
                Interlocked.Increment(ref _handshakes);
                _ = ServeAsync(accepted, node);
            }
        }
    }

    private async Task ServeAsync(Socket accepted, INode node)
    {
        var connection = await WelcomeAsync(accepted, node);
        Interlocked.Decrement(ref _handshakes);
        if (connection is not null)
        {
            _open.TryAdd(connection, 0);
            if (_closed.IsCancellationRequested)
            {
                connection.Close("its listener was closed");
            }

            node.Opened(connection);
            await connection.RunAsync();
            _open.TryRemove(connection, out _);
        }

        Interlocked.Decrement(ref _count);
    }

    /// <returns>Null: whoever came does not belong here.</returns>
    private async Task<TcpConnection?> WelcomeAsync(Socket accepted, INode node)
    {
        Stream stream = new NetworkStream(accepted, ownsSocket: true);
        var duringTls = false;
        try
        {
            accepted.NoDelay = true;
            using var patience = new CancellationTokenSource(node.NetworkOptions.HandshakeTimeout, node.Runtime.Environment.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, patience.Token);
            if (node.NetworkOptions.Tls is { } tls)
            {
                duringTls = true;
                stream = await tls.AcceptAsync(stream, either.Token);
                duringTls = false;
            }

            return new TcpConnection(stream, node, await Handshake.AcceptAsync(stream, node, either.Token));
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            if (!_closed.IsCancellationRequested)
            {
                node.Refused(e switch
                {
                    OperationCanceledException => $"the handshake took longer than {node.NetworkOptions.HandshakeTimeout}",
                    AuthenticationException or IOException when duringTls => $"a peer speaks no TLS that this node does: {e.Message} Call UseTls there too, or nowhere.",
                    _ => e.Message,
                });
            }

            return null;
        }
    }
}
