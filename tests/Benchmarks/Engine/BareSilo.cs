using System.Globalization;
using System.Net;
using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Benchmarks;

/// <summary>A silo of the embedded engine with nothing on it but <see cref="BenchGrain"/>, and clients of it.</summary>
internal static class BareSilo
{
    /// <summary>The argument that makes this program such a silo; a second one is the port of the silo that it joins.</summary>
    public const string Command = "bare-silo";

    private static readonly byte[] s_secret = "the secret of a benchmark, 32 bytes"u8.ToArray();

    /// <param name="primary">The silo it joins; null: it begins a cluster.</param>
    public static async Task<EmbeddedSilo> StartAsync(IPEndPoint? primary = null)
    {
        var silo = ByHand.Silo(builder =>
        {
            builder.Configure<EndpointOptions>(o => (o.SiloPort, o.GatewayPort) = (0, EndpointOptions.AnyFreePort));
            builder.Configure<ClusterSecretOptions>(o => o.Secret = s_secret);
            builder.Configure<SiloSetup>(s => (s.Environment, s.GrainClasses, s.Primary) = (s.Environment with { Network = new TcpNetwork() }, [typeof(BenchGrain)], primary));
        });
        await silo.StartAsync();
        return silo;
    }

    public static async Task<EmbeddedClient> ConnectAsync(int gatewayPort)
    {
        var client = ByHand.Client(builder =>
        {
            builder.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, gatewayPort));
            builder.Configure<ClusterSecretOptions>(o => o.Secret = s_secret);
            builder.Configure<ClientSetup>(s => s.Environment = s.Environment with { Network = new TcpNetwork() });
        });
        await client.StartAsync();
        return client;
    }

    /// <summary>Serves until its standard input ends, as it does when the parent is gone. Its first line is the gateway's port, its second the silo's.</summary>
    public static async Task<int> ServeAsync(string? primaryPort)
    {
        await using var silo = await StartAsync(primaryPort is null ? null : new IPEndPoint(IPAddress.Loopback, int.Parse(primaryPort, CultureInfo.InvariantCulture)));
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{silo.GatewayAddress.Endpoint.Port}\n{silo.Address.Endpoint.Port}"));
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        return 0;
    }
}
