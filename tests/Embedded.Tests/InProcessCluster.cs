using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>Silos and clients in this process, over memory or over TCP.</summary>
internal sealed class InProcessCluster : IAsyncDisposable
{
    public static Type[] Grains { get; } = [.. GrainCatalog.ClassesOf(typeof(GrainCatalog).Assembly), .. GrainCatalog.ClassesOf(Assembly.GetExecutingAssembly())];

    private readonly List<EmbeddedClient> _clients = [];
    private readonly INetwork _network;
    private readonly Action<ISiloBuilder>? _configure;
    private readonly Action<SiloSetup>? _setup;

    private InProcessCluster(INetwork network, Action<ISiloBuilder>? configure, Action<SiloSetup>? setup)
    {
        _network = network;
        _configure = configure;
        _setup = setup;
    }

    public List<EmbeddedSilo> Silos { get; } = [];

    public EmbeddedSilo First => Silos[0];

    public static byte[] Secret { get; } = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];

    public static async Task<InProcessCluster> StartAsync(
        int silos = 1,
        INetwork? network = null,
        Action<ISiloBuilder>? configure = null,
        Action<SiloSetup>? setup = null)
    {
        var cluster = new InProcessCluster(network ?? new MemoryNetwork(), configure, setup);
        for (var i = 0; i < silos; i++)
        {
            await cluster.AddSiloAsync();
        }

        return cluster;
    }

    /// <param name="configure">What this one has besides what all have.</param>
    public EmbeddedSilo NewSilo(Action<ISiloBuilder>? configure = null) => ByHand.Silo(builder =>
    {
        builder.Configure<EndpointOptions>(o => (o.SiloPort, o.GatewayPort) = (0, EndpointOptions.AnyFreePort));
        builder.Configure<ClusterSecretOptions>(o => o.Secret = Secret);
        builder.Configure<SiloSetup>(s =>
        {
            s.Environment = s.Environment with { Network = _network };
            s.GrainClasses = Grains;
            s.Primary = Silos.Count == 0 ? null : First.Address.Endpoint;
            _setup?.Invoke(s);
        });
        builder.AddMemoryGrainStorageAsDefault();
        if (Environment.GetEnvironmentVariable("ENGINE_LOG") is { Length: > 0 })
        {
            builder.Services.AddLogging(log => log.SetMinimumLevel(LogLevel.Trace).AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "ss.fff ")));
        }

        _configure?.Invoke(builder);
        configure?.Invoke(builder);
    });

    public async Task<EmbeddedSilo> AddSiloAsync(Action<ISiloBuilder>? configure = null)
    {
        var silo = NewSilo(configure);
        await silo.StartAsync();
        Silos.Add(silo);

        // Everybody knows everybody: what a test does next does not depend on who heard first.
        foreach (var other in Silos.Where(s => !s.IsStopping))
        {
            await other.Membership.Refresh(new MembershipVersion(silo.Membership.Table.Version));
        }

        return silo;
    }

    public EmbeddedClient NewClient(Action<IClientBuilder>? configure = null) => ByHand.Client(builder =>
    {
        builder.UseStaticClustering([.. Silos.Select(s => s.GatewayAddress.Endpoint)]);
        builder.Configure<ClusterSecretOptions>(o => o.Secret = Secret);
        builder.Configure<ClientSetup>(s => s.Environment = s.Environment with { Network = _network });
        configure?.Invoke(builder);
    });

    public async Task<EmbeddedClient> AddClientAsync(Action<IClientBuilder>? configure = null)
    {
        var client = NewClient(configure);
        _clients.Add(client);
        await client.StartAsync();
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        foreach (var silo in Enumerable.Reverse(Silos))
        {
            await silo.DisposeAsync();
        }
    }
}
