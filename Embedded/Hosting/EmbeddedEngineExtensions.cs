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
        builder.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) =>
            new FileStorage(Path.GetFullPath(folder), services.GetRequiredService<EmbeddedSilo>().Environment, services.GetRequiredService<EmbeddedSilo>().Runtime));
        return builder;
    }

    /// <summary>The cluster's secret from a file of mode 0600.</summary>
    public static ISiloBuilder UseClusterSecretFile(this ISiloBuilder builder, string file) =>
        builder.Configure<ClusterSecretOptions>(options => options.File = file);

    /// <inheritdoc cref="UseClusterSecretFile(ISiloBuilder, string)"/>
    public static IClientBuilder UseClusterSecretFile(this IClientBuilder builder, string file) =>
        builder.Configure<ClusterSecretOptions>(options => options.File = file);
}
