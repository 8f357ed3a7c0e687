using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>How a node introduces itself.</summary>
/// <param name="Address">Silo, or client id.</param>
/// <param name="ClusterId">Both sides must name the same one.</param>
internal sealed record NodeHello(NodeAddress Address, string ClusterId)
{
    public SiloAddress? Silo => Address.Silo;
}

/// <summary>Limits and secrets of a node's connections.</summary>
internal sealed record NetworkOptions
{
    /// <summary>What all nodes of the cluster know, and nobody else.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Bytes of the largest message.</summary>
    public int MaxMessageBytes { get; init; } = 110 * 1024 * 1024;

    /// <summary>How long a handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections a listener holds at most, those in handshake included.</summary>
    public int MaxConnections { get; init; } = 4096;
}
