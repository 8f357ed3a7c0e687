using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Orleans.Dask.Embedded.Host;

/// <summary>A silo as any program would host one. Prints "ready" and its ports, for silos and for clients, when it serves; whoever started it holds its input open.</summary>
internal static class SiloProcess
{
    public static async Task<int> RunAsync(int? primaryPort, TimeSpan probeTimeout)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(o => o.SingleLine = true);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(0, EndpointOptions.AnyFreePort, primaryPort is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null);
            silo.Configure<ClusterMembershipOptions>(options => options.ProbeTimeout = probeTimeout);
            silo.AddMemoryGrainStorageAsDefault();
        });
        using var host = builder.Build();
        await host.StartAsync();
        var here = host.Services.GetRequiredService<ILocalSiloDetails>();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready {here.SiloAddress.Endpoint.Port} {here.GatewayAddress.Endpoint.Port}"));
        // It ends with whoever started it, or when the cluster goes on without it.
        var asked = Task.Run(Console.In.ReadToEnd);
        var isAsked = await Task.WhenAny(asked, host.WaitForShutdownAsync()) == asked;
        await host.StopAsync();
        return isAsked ? 0 : 1;
    }
}
