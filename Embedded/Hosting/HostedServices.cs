using Microsoft.Extensions.Hosting;

namespace Orleans.Embedded;

/// <summary>Starts and stops a silo with its host, and stops the host when the cluster has given the silo up.</summary>
internal sealed class SiloHostedService(EmbeddedSilo silo, IHostApplicationLifetime lifetime) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await silo.StartAsync(cancellationToken);
        _ = FollowAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => silo.StopAsync(cancellationToken);

    private async Task FollowAsync()
    {
        await silo.Stopped;
        lifetime.StopApplication();
    }
}

/// <summary>Starts and stops a client with its host.</summary>
internal sealed class ClientHostedService(EmbeddedClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => client.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => client.StopAsync();
}
