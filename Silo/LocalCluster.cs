using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.Silo.Processes;

namespace Orleans.Dask.Silo;

/// <summary>A cluster on this machine, for as long as it is not disposed: silos in processes of their own (or in this one) and a client.</summary>
/// <example><code>
/// await using var cluster = await LocalCluster.StartAsync(silos: 2);
/// int three = await cluster.Client.Submit((x, y) => x + y, 1, 2);
/// </code></example>
/// <remarks>Silo processes end with this one, however it ends: they watch a pipe that only it holds.</remarks>
[PayloadCodec(typeof(CapturedClusterCodec))]
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly LocalClusterOptions _options;
    private readonly List<ChildSilo> _children = [];
    private readonly List<IHost> _hosts = [];
    private DaskClient? _client;

    internal LocalCluster(LocalClusterOptions options) => _options = options;

    /// <summary>The cluster's client, the default of <c>ComputeAsync</c> until the cluster is disposed.</summary>
    public DaskClient Client => _client ?? throw new InvalidOperationException(
        "A local cluster was captured by a function that runs on a silo, where it is not. Submit from the program, or pass what the function needs as an argument.");

    /// <summary>Process ids of the silos; this process' where they live in it.</summary>
    public IReadOnlyList<int> ProcessIds => _options.Processes ? _children.ConvertAll(child => child.ProcessId) : _hosts.ConvertAll(_ => Environment.ProcessId);

    /// <summary>The options in force, with the cluster's own name and secret.</summary>
    internal LocalClusterOptions Options => _options;

    internal IReadOnlyList<ChildSilo> Children => _children;

    internal IReadOnlyList<IHost> Hosts => _hosts;

    /// <summary>Starts silos and connects to them.</summary>
    /// <param name="silos">As <see cref="LocalClusterOptions.Silos"/>.</param>
    /// <param name="slots">As <see cref="LocalClusterOptions.Slots"/>.</param>
    /// <param name="processes">As <see cref="LocalClusterOptions.Processes"/>.</param>
    /// <param name="cancellationToken">Ends the attempt, and what has been started.</param>
    public static Task<LocalCluster> StartAsync(int silos, int slots = 1, bool processes = true, CancellationToken cancellationToken = default) =>
        StartAsync(new LocalClusterOptions { Silos = silos, Slots = slots, Processes = processes }, cancellationToken);

    /// <summary>Starts silos and connects to them.</summary>
    /// <param name="options">Null: a silo process for every processor.</param>
    /// <param name="cancellationToken">Ends the attempt, and what has been started.</param>
    /// <exception cref="InvalidOperationException">A silo process ended before it was ready; the message has what it wrote.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        var cluster = new LocalCluster((options ?? new LocalClusterOptions()).Checked());
        try
        {
            await (cluster._options.Processes ? cluster.StartProcessesAsync(cancellationToken) : cluster.StartHostsAsync(cancellationToken));
            await cluster.Client.WaitForWorkersAsync(cluster._options.Silos, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens another session, with keys and values of its own. Dispose it before the cluster.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<DaskClient> ConnectAsync(CancellationToken cancellationToken = default) => ConnectAsync(0, _options.Client with { IsDefault = false }, cancellationToken);

    /// <summary>A client by way of one silo's gateway; its scheduler lives there.</summary>
    internal async Task<DaskClient> ConnectAsync(int silo, DaskClientOptions options, CancellationToken cancellationToken) => _options.Processes
        ? await DaskClient.ConnectAsync(_children[silo].Report.Gateway, options, cancellationToken)
        : await DaskClient.ConnectAsync(_hosts[silo].Services.GetRequiredService<IClusterClient>(), options, cancellationToken);

    /// <summary>Ends the client's session, then the silos; the first one last, since it keeps the list of the others.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await Task.WhenAll(_children.Skip(1).Select(child => child.DisposeAsync().AsTask()));
        foreach (var child in _children.Take(1))
        {
            await child.DisposeAsync();
        }

        foreach (var host in _hosts.AsEnumerable().Reverse())
        {
            SiloHost.HandsNothingOver(host);
            await host.StopAsync();
            host.Dispose();
        }
    }

    // All processes load at once; the others join when the first has told where it is.
    private async Task StartProcessesAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _options.Silos; i++)
        {
            _children.Add(ChildSilo.Spawn(_options.ChildProgram));
        }

        var orders = new ChildOrders(_options.Client.ClusterId, _options.Client.Secret!, null, _options.Slots, _options.MemoryLimit, _options.Storage, _options.LeaveTimeout);
        var primary = await _children[0].StartAsync(orders, cancellationToken);
        var others = _children.Skip(1).Select(child => child.StartAsync(orders with { Primary = primary.Silo }, cancellationToken)).ToArray();
        var client = ConnectAsync(0, _options.Client, cancellationToken);
        await Task.WhenAll([client, .. others]);
        _client = await client;
    }

    private async Task StartHostsAsync(CancellationToken cancellationToken)
    {
        string? primary = null;
        for (var i = 0; i < _options.Silos; i++)
        {
            var host = SiloHost.Build(new SiloSettings
            {
                ClusterId = _options.Client.ClusterId,
                Secret = _options.Client.Secret,
                Primary = primary,
                Dask = new DaskSiloOptions { Slots = _options.Slots, MemoryLimit = _options.MemoryLimit, LeaveTimeout = _options.LeaveTimeout },
                Storage = _options.Storage,
            });
            _hosts.Add(host);
            await host.StartAsync(cancellationToken);
            primary ??= host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint.ToString();
        }

        _client = await ConnectAsync(0, _options.Client, cancellationToken);
    }
}
