using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>What only this engine has. Program code names these in one hosting file, or not at all.</summary>
public static class EmbeddedEngineExtensions
{
    /// <summary>Keeps states in files under <paramref name="folder"/>, safe against crashes of process and machine.</summary>
    public static ISiloBuilder AddFileGrainStorage(this ISiloBuilder builder, string name, string folder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddFileGrainStorage(name, folder);
        return builder;
    }

    /// <inheritdoc cref="AddFileGrainStorage(ISiloBuilder, string, string)"/>
    public static IServiceCollection AddFileGrainStorage(this IServiceCollection services, string name, string folder) =>
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) =>
            new FileStorage(Path.GetFullPath(folder), provider.GetRequiredService<EmbeddedSilo>().Environment, provider.GetRequiredService<EmbeddedSilo>().Runtime));

    /// <summary>
    /// Where other silos or gateways of the cluster may be, for when the primary is not there. A silo without a primary joins those
    /// that answer there, and begins a cluster only where none does.
    /// </summary>
    public static IServiceCollection AddSeeds(this IServiceCollection services, IEnumerable<IPEndPoint> seeds) =>
        services.Configure<SiloSetup>(setup => setup.Seeds.AddRange(seeds));

    /// <summary>Mutual TLS on every connection to another process: needed to listen anywhere but on loopback.</summary>
    public static ISiloBuilder UseTls(this ISiloBuilder builder, Action<TlsOptions> configure) => builder.Configure(configure);

    /// <inheritdoc cref="UseTls(ISiloBuilder, Action{TlsOptions})"/>
    public static IClientBuilder UseTls(this IClientBuilder builder, Action<TlsOptions> configure) => builder.Configure(configure);

    /// <summary>The cluster's secret from a file of mode 0600.</summary>
    public static ISiloBuilder UseClusterSecretFile(this ISiloBuilder builder, string file) =>
        builder.Configure<ClusterSecretOptions>(options => options.File = file);

    /// <inheritdoc cref="UseClusterSecretFile(ISiloBuilder, string)"/>
    public static IClientBuilder UseClusterSecretFile(this IClientBuilder builder, string file) =>
        builder.Configure<ClusterSecretOptions>(options => options.File = file);
}
