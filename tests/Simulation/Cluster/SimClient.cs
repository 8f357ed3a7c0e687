using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.World;
using Orleans.Embedded;

namespace Orleans.Dask.Simulation.Cluster;

/// <summary>A client's program in a process of its own.</summary>
internal sealed class SimClient(SimProcess process, EmbeddedClient connection, DaskClient dask, DaskClientOptions options)
{
    public SimProcess Process => process;

    public EmbeddedClient Connection => connection;

    public DaskClient Dask => dask;

    public static async Task<SimClient> StartAsync(SimProcess process, string secret, IPEndPoint[] gateways)
    {
        var options = new DaskClientOptions
        {
            Secret = secret,
            ClusterId = SimCluster.Name,
            IsDefault = false,
            Time = process.Time,
            Session = new SessionId($"session-of-{process.Name}"),
            Aside = process.Turns.Schedule,
        };
        var connection = ByHand.Client(builder =>
        {
            builder.Services.AddSingleton(process.Time);
            builder.Services.AddSingleton<ILoggerFactory>(new SimLogger(process));
            DaskClient.Compose(builder, gateways, options);
            builder.Configure<ClientSetup>(setup => setup.Environment = process.Environment);
        });
        await connection.StartAsync();
        return new SimClient(process, connection, await DaskClient.ConnectAsync(connection, options), options);
    }

    /// <summary>One more session beside the client's own.</summary>
    public Task<DaskClient> ConnectAsync(string session) =>
        DaskClient.ConnectAsync(connection, options with { Session = new SessionId($"{session}-of-{process.Name}") });

    public async Task CloseAsync()
    {
        await dask.DisposeAsync();
        await connection.StopAsync();
    }
}
