using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Embedded;

/// <summary>Limits and secrets of a node's connections, from the options of its program.</summary>
internal sealed record NetworkOptions
{
    /// <summary>What all nodes of the cluster know, and nobody else.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Certificates of connections to other processes; null: none, which is for loopback only.</summary>
    public Tls? Tls { get; init; }

    /// <summary>Bytes of the largest message.</summary>
    public int MaxMessageBytes { get; init; } = 110 * 1024 * 1024;

    /// <inheritdoc cref="ConnectionOptions.HandshakeTimeout"/>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="ConnectionOptions.MaxConnections"/>
    public int MaxConnections { get; init; } = 4096;

    /// <inheritdoc cref="ConnectionOptions.MaxHandshakes"/>
    public int MaxHandshakes { get; init; } = 256;

    /// <inheritdoc cref="ConnectionOptions.SendAheadBytes"/>
    public int SendAheadBytes { get; init; } = 4 << 20;

    /// <inheritdoc cref="ConnectionOptions.MaxUnsentBytes"/>
    public long MaxUnsentBytes { get; init; } = 256L << 20;

    /// <inheritdoc cref="ConnectionOptions.MaxPendingCalls"/>
    public int MaxPendingCalls { get; init; } = 1 << 20;

    public static NetworkOptions From(IServiceProvider services, MessagingOptions messaging, string clusterId, SiloEnvironment environment)
    {
        var connections = services.GetRequiredService<IOptions<ConnectionOptions>>().Value;
        return new NetworkOptions
        {
            Secret = services.GetRequiredService<IOptions<ClusterSecretOptions>>().Value.Read(clusterId, environment.Randomness),
            Tls = Tls.From(services.GetRequiredService<IOptions<TlsOptions>>().Value, environment.Time),
            MaxMessageBytes = messaging.MaxMessageHeaderSize + messaging.MaxMessageBodySize,
            HandshakeTimeout = connections.HandshakeTimeout,
            MaxConnections = connections.MaxConnections,
            MaxHandshakes = connections.MaxHandshakes,
            SendAheadBytes = connections.SendAheadBytes,
            MaxUnsentBytes = connections.MaxUnsentBytes,
            MaxPendingCalls = connections.MaxPendingCalls,
        };
    }
}
