using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>The builder handed to the program.</summary>
internal sealed class SiloBuilder(IServiceCollection services, IConfiguration configuration) : ISiloBuilder
{
    public IServiceCollection Services => services;

    public IConfiguration Configuration => configuration;
}

/// <inheritdoc cref="SiloBuilder"/>
internal sealed class ClientBuilder(IServiceCollection services, IConfiguration configuration) : IClientBuilder
{
    public IServiceCollection Services => services;

    public IConfiguration Configuration => configuration;
}

/// <summary>What a silo or client offers to its program's services: the same with a host and without.</summary>
internal static class SiloServices
{
    public static IServiceCollection AddSilo(this IServiceCollection services)
    {
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EmbeddedSilo>();
        services.TryAddSingleton<ILocalSiloDetails>(s => s.GetRequiredService<EmbeddedSilo>());
        services.TryAddSingleton<IGrainFactory>(s => s.GetRequiredService<EmbeddedSilo>().Runtime);
        services.TryAddSingleton<IClusterClient>(s => s.GetRequiredService<EmbeddedSilo>().Runtime);
        services.TryAddSingleton<IClusterMembershipService>(s => s.GetRequiredService<EmbeddedSilo>().Membership);
        services.TryAddSingleton<ISiloStatusOracle>(s => s.GetRequiredService<EmbeddedSilo>().Membership);
        return services;
    }

    public static IServiceCollection AddClient(this IServiceCollection services)
    {
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EmbeddedClient>();
        services.TryAddSingleton<IClusterClient>(s => s.GetRequiredService<EmbeddedClient>());
        services.TryAddSingleton<IGrainFactory>(s => s.GetRequiredService<EmbeddedClient>());
        return services;
    }
}
