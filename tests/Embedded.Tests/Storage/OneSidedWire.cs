using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>A way to a server that can be cut on the client's side alone: the server still works at what it was asked for.</summary>
internal sealed class OneSidedWire : IDisposable
{
    private readonly Socket _door = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Socket> _servers = [];
    private ConcurrentBag<Socket> _clients = [];

    public OneSidedWire(int serverPort)
    {
        _door.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _door.Listen();
        _ = AcceptAsync(serverPort);
    }

    public int Port => ((IPEndPoint)_door.LocalEndPoint!).Port;

    /// <summary>Clients lose their connections; new ones may be made.</summary>
    public void CutClients()
    {
        foreach (var client in Interlocked.Exchange(ref _clients, []))
        {
            client.Dispose();
        }
    }

    public void Dispose()
    {
        _door.Dispose();
        CutClients();
        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut. The other direction sees for itself.
            return;
        }
    }

    private async Task AcceptAsync(int serverPort)
    {
        try
        {
            while (true)
            {
                var client = await _door.AcceptAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await server.ConnectAsync(IPAddress.Loopback, serverPort);
                _servers.Add(server);
                _clients.Add(client);
                _ = PumpAsync(client, server);
                _ = PumpAsync(server, client);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
            return;
        }
    }
}
