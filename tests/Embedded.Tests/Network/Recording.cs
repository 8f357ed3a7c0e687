using System.Net.Sockets;

namespace Orleans.Dask.Embedded.Tests.Network;

/// <summary>Keeps what is written.</summary>
internal sealed class Recording(Socket socket) : NetworkStream(socket, ownsSocket: false)
{
    private readonly MemoryStream _written = new();

    public byte[] Written => _written.ToArray();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _written.Write(buffer.Span);
        return base.WriteAsync(buffer, cancellationToken);
    }
}
