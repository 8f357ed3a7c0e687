using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Embedded;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>What a silo is made of.</summary>
public static class SiloBuilderExtensions
{
    public static ISiloBuilder Configure<TOptions>(this ISiloBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class
    {
        Services(builder).Configure(configureOptions);
        return builder;
    }

    public static ISiloBuilder ConfigureServices(this ISiloBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(Services(builder));
        return builder;
    }

    /// <summary>Silos on this machine. The one at <paramref name="primarySiloEndpoint"/> (null: this one) keeps the membership table.</summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = 11111,
        int gatewayPort = 30000,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev",
        string clusterId = "dev")
    {
        builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });
        builder.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (serviceId, clusterId));
        return builder.Configure<SiloSetup>(setup => setup.Primary = primarySiloEndpoint);
    }

    /// <summary>The silo at <paramref name="primarySiloEndpoint"/> keeps the membership table; set this silo's own ports with <see cref="ConfigureEndpoints(ISiloBuilder, IPAddress, int, int, bool)"/>.</summary>
    public static ISiloBuilder UseDevelopmentClustering(this ISiloBuilder builder, IPEndPoint primarySiloEndpoint) =>
        builder.Configure<SiloSetup>(setup => setup.Primary = primarySiloEndpoint);

    public static ISiloBuilder ConfigureEndpoints(
        this ISiloBuilder builder,
        IPAddress advertisedIP,
        int siloPort,
        int gatewayPort,
        bool listenOnAnyHostAddress = false)
    {
        if (listenOnAnyHostAddress)
        {
            throw new OrleansConfigurationException(
                "The embedded engine listens on the address it advertises and on no other. Leave listenOnAnyHostAddress out, and name the address of this machine as advertisedIP.");
        }

        return builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = advertisedIP;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });
    }

    public static ISiloBuilder ConfigureEndpoints(this ISiloBuilder builder, int siloPort, int gatewayPort) =>
        builder.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort);

    /// <summary>Keeps states in grains of this cluster: lost with the silo they are on.</summary>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name)
    {
        Services(builder).AddKeyedSingleton<IGrainStorage>(name, (services, _) => new MemoryStorage(name, services.GetRequiredService<EmbeddedSilo>()));
        return builder;
    }

    /// <inheritdoc cref="AddMemoryGrainStorage"/>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder)
    {
        Services(builder).TryAddSingleton(services => services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Default));
        return builder.AddMemoryGrainStorage(StorageNames.Default);
    }

    /// <summary>Keeps states in a table of a database, made with the first use of it. This engine knows PostgreSQL alone.</summary>
    /// <param name="builder">Of the silo.</param>
    /// <param name="name">The store's.</param>
    /// <param name="configureOptions">Sets <see cref="AdoNetGrainStorageOptions.ConnectionString"/>, and "Npgsql" as <see cref="AdoNetGrainStorageOptions.Invariant"/>.</param>
    public static ISiloBuilder AddAdoNetGrainStorage(this ISiloBuilder builder, string name, Action<AdoNetGrainStorageOptions> configureOptions)
    {
        Services(builder).Configure(name, configureOptions);
        builder.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) => PostgresStorage.Create(name, services));
        return builder;
    }

    public static ISiloBuilder AddPlacementDirector<TStrategy, TDirector>(this ISiloBuilder builder)
        where TStrategy : PlacementStrategy, new()
        where TDirector : class, IPlacementDirector
    {
        Services(builder).AddKeyedSingleton<IPlacementDirector, TDirector>(typeof(TStrategy));
        return builder;
    }

    public static ISiloBuilder AddPlacementDirector<TStrategy>(this ISiloBuilder builder, Func<IServiceProvider, IPlacementDirector> createDirector)
        where TStrategy : PlacementStrategy, new()
    {
        Services(builder).AddKeyedSingleton(typeof(TStrategy), (services, _) => createDirector(services));
        return builder;
    }

    public static ISiloBuilder AddIncomingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
        where TImplementation : class, IIncomingGrainCallFilter
    {
        Services(builder).AddSingleton<IIncomingGrainCallFilter, TImplementation>();
        return builder;
    }

    public static ISiloBuilder AddIncomingGrainCallFilter(this ISiloBuilder builder, IIncomingGrainCallFilter filter)
    {
        Services(builder).AddSingleton(filter);
        return builder;
    }

    private static IServiceCollection Services(ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Services;
    }
}

/// <summary>What a client is made of.</summary>
public static class ClientBuilderExtensions
{
    public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configureOptions);
        return builder;
    }

    public static IClientBuilder ConfigureServices(this IClientBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(builder.Services);
        return builder;
    }

    public static IClientBuilder UseLocalhostClustering(this IClientBuilder builder, int gatewayPort = 30000, string serviceId = "dev", string clusterId = "dev") =>
        builder.UseLocalhostClustering([gatewayPort], serviceId, clusterId);

    public static IClientBuilder UseLocalhostClustering(this IClientBuilder builder, int[] gatewayPorts, string serviceId = "dev", string clusterId = "dev")
    {
        builder.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (serviceId, clusterId));
        return builder.UseStaticClustering([.. gatewayPorts.Select(port => new IPEndPoint(IPAddress.Loopback, port))]);
    }

    /// <summary>Gateways to begin with; the cluster tells of the others.</summary>
    public static IClientBuilder UseStaticClustering(this IClientBuilder builder, params IPEndPoint[] endpoints) =>
        builder.Configure<ClientSetup>(setup => setup.Gateways.AddRange(endpoints));
}
