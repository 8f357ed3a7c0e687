using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Hosting;

namespace Orleans.Dask.Silo.Hosting;

/// <summary>A host with one silo of a development cluster.</summary>
internal static class SiloHost
{
    /// <param name="settings">Where it listens and whom it joins.</param>
    /// <param name="ownsProcess">Whether Ctrl+C and SIGTERM end this host.</param>
    public static IHost Build(SiloSettings settings, bool ownsProcess = false)
    {
        // No configuration files, no environment, no event sources: a silo is told what it is, and starts the faster for it.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (!ownsProcess)
        {
            builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        }

        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(Engine.Port(settings.SiloPort), Engine.Port(settings.GatewayPort), settings.PrimaryEndpoint, "default", settings.ClusterId);
            Engine.UseSecret(silo.Services, settings.Secret);
            silo.AddDask(settings.Dask);
        });
        return builder.Build();
    }
}
