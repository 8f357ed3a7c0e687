using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Workers;
using Orleans.Dask.Hosting;

namespace Orleans.Dask.Grains.Tests.Cluster;

/// <summary>Silos in this process that believe to be in processes of their own, so that values travel between them as bytes.</summary>
internal sealed class TestSilos : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];
    private readonly Action<ISiloBuilder>? _configure;
    private readonly int _slots;
    private IPEndPoint? _primary;

    static TestSilos() => Environment.SetEnvironmentVariable("ORLEANS_CLUSTER_SECRET", Convert.ToHexString(new byte[32].Select((_, i) => (byte)(i * 7)).ToArray()));

    private TestSilos(int slots, Action<ISiloBuilder>? configure)
    {
        _slots = slots;
        _configure = configure;
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public IReadOnlyList<IHost> Hosts => _hosts;

    public IGrainFactory Grains => _hosts[0].Services.GetRequiredService<IGrainFactory>();

    public static async Task<TestSilos> StartAsync(int silos = 1, int slots = 1, Action<ISiloBuilder>? configure = null)
    {
        var cluster = new TestSilos(slots, configure);
        for (var i = 0; i < silos; i++)
        {
            await cluster.AddAsync();
        }

        return cluster;
    }

    public WorkerCore Core(int silo) => _hosts[silo].Services.GetRequiredService<WorkerCore>();

    public string Address(int silo) => _hosts[silo].Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();

    public async Task AddAsync()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.UseOrleans(orleans =>
        {
            // No gateway: tests call from inside a silo.
            orleans.UseLocalhostClustering(Engine.SiloPort(0), 0, _primary, "grains-tests", "grains-tests");
            orleans.AddDaskGrains(new WorkerOptions { Slots = _slots, Process = $"process {_hosts.Count}", ChecksFrozenValues = true });
            _configure?.Invoke(orleans);
        });
        var host = builder.Build();
        await host.StartAsync();
        _primary ??= host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint;
        _hosts.Add(host);
        foreach (var oracle in _hosts.Select(each => each.Services.GetRequiredService<ISiloStatusOracle>()))
        {
            // What a test does next must not depend on who heard first.
            while (oracle.GetApproximateSiloStatuses(onlyActive: true).Count < _hosts.Count)
            {
                await Task.Yield();
            }
        }
    }

    public async Task StopAsync(int silo)
    {
        var host = _hosts[silo];
        _hosts.RemoveAt(silo);
        await host.StopAsync();
        host.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
