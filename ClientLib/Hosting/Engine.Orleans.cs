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

    /// <summary>The port for silos: 0 becomes one that is free now, since Microsoft Orleans would tell others "0".</summary>
    public static int SiloPort(int port) => port == 0 ? FreePort.Find() : port;
}
