using System.Net;

namespace Orleans.Dask.Silo.Hosting;

/// <summary>What one silo of a development cluster is told: where it listens and whom it joins.</summary>
internal sealed record SiloSettings
{
    /// <summary>Name of the cluster.</summary>
    public string ClusterId { get; init; } = "default";

    /// <summary>The cluster's secret in hex; null: the engine's own way to find it.</summary>
    public string? Secret { get; init; }

    /// <summary>Port for other silos; 0: any.</summary>
    public int SiloPort { get; init; }

    /// <summary>Port for clients; 0: any.</summary>
    public int GatewayPort { get; init; }

    /// <summary>The silo that keeps the list of all, <c>address:port</c>; null: this one.</summary>
    public string? Primary { get; init; }

    /// <summary>Other silos or gateways of the cluster, <c>address:port</c>: for when the primary is not there, and for a first silo that starts anew.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>What it does for computations.</summary>
    public DaskSiloOptions Dask { get; init; } = new();

    /// <summary>Where its grains keep what is to outlive it.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Reads <see cref="Primary"/>.</summary>
    /// <exception cref="ArgumentException">Not an address and a port.</exception>
    public IPEndPoint? PrimaryEndpoint => Primary is null ? null : Read("The primary silo", Primary);

    /// <summary>Reads <see cref="Seeds"/>.</summary>
    /// <exception cref="ArgumentException">Not an address and a port.</exception>
    public IPEndPoint[] SeedEndpoints => [.. Seeds.Select(seed => Read("A seed", seed))];

    private static IPEndPoint Read(string what, string text) =>
        IPEndPoint.TryParse(text.Replace("localhost", "127.0.0.1", StringComparison.Ordinal), out var endpoint) && endpoint.Port > 0 ? endpoint
        : throw new ArgumentException($"{what} is '{text}', expected an address and a port such as 127.0.0.1:11111.");
}
