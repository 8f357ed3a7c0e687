using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dask.Hosting;

namespace Orleans.Dask;

public sealed partial class DaskClient
{
    /// <summary>Connects to a cluster and opens a session.</summary>
    /// <param name="gateway">Address and port of a silo for clients, such as <c>localhost:30000</c>; several with commas.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ArgumentException">Not an address and a port.</exception>
    public static async Task<DaskClient> ConnectAsync(string gateway, DaskClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        options ??= new DaskClientOptions();
        var gateways = await Task.WhenAll(gateway.Split(',', StringSplitOptions.TrimEntries).Select(one => EndpointAsync(one, cancellationToken)));
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.UseOrleansClient(client => Compose(client, gateways, options));
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return await OpenAsync(host.Services.GetRequiredService<IClusterClient>(), gateway, options, () => StopAsync(host), cancellationToken);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>What a client's connection is made of, under a host and in a simulation alike.</summary>
    internal static void Compose(IClientBuilder client, IPEndPoint[] gateways, DaskClientOptions options)
    {
        client.UseStaticClustering(gateways);
        client.AddMemoryStreams(StreamProvider);
        client.Services.Configure<ClusterOptions>(cluster => cluster.ClusterId = options.ClusterId);
        Engine.UseSecret(client.Services, options.Secret);
    }

    private static async Task<IPEndPoint> EndpointAsync(string gateway, CancellationToken cancellationToken)
    {
        if (IPEndPoint.TryParse(gateway, out var endpoint) && endpoint.Port > 0)
        {
            return endpoint;
        }

        var colon = gateway.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(gateway.AsSpan(colon + 1), out var port) || port == 0)
        {
            throw new ArgumentException($"'{gateway}' is not a gateway. Expected an address and a port, such as localhost:30000.", nameof(gateway));
        }

        var addresses = await Dns.GetHostAddressesAsync(gateway[..colon], System.Net.Sockets.AddressFamily.InterNetwork, cancellationToken);
        return addresses.Length > 0 ? new IPEndPoint(addresses[0], port)
            : throw new ArgumentException($"The host of '{gateway}' has no IPv4 address.", nameof(gateway));
    }

    private static async ValueTask StopAsync(IHost host)
    {
        using (host)
        {
            await host.StopAsync();
        }
    }
}
