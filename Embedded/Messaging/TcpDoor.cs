using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Embedded;

/// <summary>Accepts connections. Strangers cost a socket and a few kilobytes for as long as a handshake may take, and no more of them than the limit.</summary>
internal sealed class TcpDoor(Socket socket) : IListener
{
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<TcpConnection, byte> _open = new();
    private int _count;

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

            if (Interlocked.Increment(ref _count) > node.NetworkOptions.MaxConnections)
            {
                Interlocked.Decrement(ref _count);
                accepted.Dispose();
                node.Refused($"there are {node.NetworkOptions.MaxConnections} connections already");
                continue;
            }

            _ = WelcomeAsync(accepted, node);
        }
    }

    private async Task WelcomeAsync(Socket accepted, INode node)
    {
        var stream = new NetworkStream(accepted, ownsSocket: true);
        try
        {
            accepted.NoDelay = true;
            using var patience = new CancellationTokenSource(node.NetworkOptions.HandshakeTimeout, node.Runtime.Environment.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, patience.Token);
            var peer = await Handshake.AcceptAsync(stream, node, either.Token);
            var connection = new TcpConnection(stream, node, peer);
            _open.TryAdd(connection, 0);
            node.Opened(connection);
            await connection.RunAsync();
            _open.TryRemove(connection, out _);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await stream.DisposeAsync();
            if (!_closed.IsCancellationRequested)
            {
                node.Refused(e is OperationCanceledException ? "the handshake took too long" : e.Message);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
