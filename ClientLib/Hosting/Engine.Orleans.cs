using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Dask.Hosting;

/// <summary>What the engines do not have in common. This file is compiled with Microsoft Orleans, Engine.Embedded.cs with the embedded one.</summary>
internal static class Engine
{
    public const string Name = "Orleans";

    /// <summary>Microsoft Orleans knows no secret: its connections are secured by mutual TLS, and never leave loopback without it.</summary>
    public static void UseSecret(IServiceCollection services, string? secret)
    {
        ArgumentNullException.ThrowIfNull(services);
        _ = secret;
    }

    /// <summary>Microsoft Orleans keeps no states in files.</summary>
    /// <exception cref="NotSupportedException">Always; the message names what to use.</exception>
    public static void AddFileStorage(IServiceCollection services, string name, string folder) =>
        throw new NotSupportedException($"Microsoft Orleans keeps no states in files, so the store '{name}' cannot be in {folder}. Give a PostgreSQL connection instead.");

    /// <summary>Microsoft Orleans' development clustering knows its primary alone; clusters that outlive theirs keep their table in a database.</summary>
    public static void AddSeeds(IServiceCollection services, IEnumerable<IPEndPoint> seeds)
    {
        ArgumentNullException.ThrowIfNull(services);
        _ = seeds;
    }

    /// <summary>The port for silos: 0 becomes one that is free now, since Microsoft Orleans would tell others "0".</summary>
    public static int SiloPort(int port) => port == 0 ? FreePort() : port;

    /// <inheritdoc cref="SiloPort"/>
    public static int GatewayPort(int port) => SiloPort(port);

    // Somebody may take it before it is used: Microsoft Orleans has no way to hold it.
    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
