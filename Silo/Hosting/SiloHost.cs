using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Workers;
using Orleans.Dask.Hosting;

namespace Orleans.Dask.Silo.Hosting;

/// <summary>A host with one silo of a development cluster.</summary>
internal static class SiloHost
{
    /// <param name="settings">Where it listens and whom it joins.</param>
    /// <param name="ownsProcess">Whether Ctrl+C and SIGTERM end this host.</param>
    /// <param name="configure">What the silo has besides.</param>
    public static IHost Build(SiloSettings settings, bool ownsProcess = false, Action<ISiloBuilder>? configure = null)
    {
        // No configuration files, no environment, no event sources: a silo is told what it is, and starts the faster for it.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            // A start that fails is reported once, by whoever started it.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (!ownsProcess)
        {
            builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        }

        builder.UseOrleans(silo =>
        {
            Compose(silo, settings);
            configure?.Invoke(silo);
        });
        return builder.Build();
    }

    /// <summary>The whole cluster ends: values need not go to silos that end as well.</summary>
    public static void HandsNothingOver(IHost host) => host.Services.GetRequiredService<WorkerOptions>().LeaveTimeout = TimeSpan.Zero;

    /// <summary>What a silo is made of: the same under a host and in a simulation, which differs in clock, turns, network, disk, randomness and executor only.</summary>
    public static void Compose(ISiloBuilder silo, SiloSettings settings)
    {
        silo.UseLocalhostClustering(Engine.SiloPort(settings.SiloPort), Engine.GatewayPort(settings.GatewayPort), settings.PrimaryEndpoint, "default", settings.ClusterId);
        Engine.AddSeeds(silo.Services, settings.SeedEndpoints);
        Engine.UseSecret(silo.Services, settings.Secret);
        silo.AddDask(settings.Dask);
        settings.Storage.AddTo(silo);
        silo.AddMemoryStreams(DaskClient.StreamProvider);
    }
}
