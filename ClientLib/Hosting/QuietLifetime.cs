using Microsoft.Extensions.Hosting;

namespace Orleans.Dask.Hosting;

/// <summary>A host inside somebody else's program: Ctrl+C and SIGTERM are that program's business.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
