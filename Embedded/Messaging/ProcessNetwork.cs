using System.Net;

namespace Orleans.Embedded;

/// <summary>
/// The network of a real process: nodes of the same process reach each other through memory, all others by TCP. Every listener has
/// both doors.
/// </summary>
internal sealed class ProcessNetwork : INetwork
{
    public static readonly ProcessNetwork Instance = new();

    private readonly MemoryNetwork _memory = new();
    private readonly TcpNetwork _tcp = new();

    public IListener Bind(IPEndPoint endpoint)
    {
        var tcp = _tcp.Bind(endpoint);
        return new BothDoors(tcp, _memory.Bind(tcp.Endpoint));
    }

    public Task<IConnection> ConnectAsync(IPEndPoint endpoint, INode node, CancellationToken cancellationToken) =>
        _memory.Knows(endpoint) ? _memory.ConnectAsync(endpoint, node, cancellationToken) : _tcp.ConnectAsync(endpoint, node, cancellationToken);

    private sealed class BothDoors(IListener tcp, IListener memory) : IListener
    {
        public IPEndPoint Endpoint => tcp.Endpoint;

        public void Start(INode node)
        {
            memory.Start(node);
            tcp.Start(node);
        }

        public void Dispose()
        {
            memory.Dispose();
            tcp.Dispose();
        }
    }
}
