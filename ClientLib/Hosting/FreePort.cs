using System.Net;
using System.Net.Sockets;

namespace Orleans.Dask.Hosting;

/// <summary>A port of loopback that nobody uses now. Somebody may take it before it is used: who asks must be ready to try again.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
