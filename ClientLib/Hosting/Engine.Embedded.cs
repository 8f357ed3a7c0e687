using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Hosting;

/// <summary>What the engines do not have in common. This file is compiled with the embedded one, Engine.Orleans.cs with Microsoft Orleans.</summary>
internal static class Engine
{
    public const string Name = "Embedded";

    /// <summary>Gives a silo or client the cluster's secret; null leaves the engine to find it.</summary>
    /// <param name="services">Of the silo or client.</param>
    /// <param name="secret">In hex.</param>
    public static void UseSecret(IServiceCollection services, string? secret)
    {
        if (secret is not null)
        {
            services.Configure<ClusterSecretOptions>(options => options.Secret = Convert.FromHexString(secret));
        }
    }

    /// <summary>Keeps states of grains in files.</summary>
    /// <param name="services">Of the silo.</param>
    /// <param name="name">The store's.</param>
    /// <param name="folder">Made when it is missing; silos may share it.</param>
    public static void AddFileStorage(IServiceCollection services, string name, string folder) => services.AddFileGrainStorage(name, folder);

    /// <summary>Other silos or gateways of the cluster, for when the primary is not there.</summary>
    /// <param name="services">Of the silo.</param>
    /// <param name="seeds">Those that don't answer are passed over.</param>
    public static void AddSeeds(IServiceCollection services, IEnumerable<IPEndPoint> seeds) => services.AddSeeds(seeds);

    /// <summary>The port for silos: 0 means any, and the silo says which it became.</summary>
    public static int SiloPort(int port) => port;

    /// <summary>The port for clients: 0 means any, taken as the silo starts, so that no other can take it in between.</summary>
    public static int GatewayPort(int port) => port == 0 ? EndpointOptions.AnyFreePort : port;
}
