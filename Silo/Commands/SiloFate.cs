using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.Dask.Silo.Commands;

/// <summary>How a silo's process ends: as it was told, or because the others gave its silo up.</summary>
internal sealed class SiloFate : IDisposable
{
    /// <summary>Of a process whose silo was declared dead.</summary>
    public const int DeclaredDead = 3;

    private readonly CancellationTokenRegistration _stopping;

    private SiloFate(ISiloStatusOracle silos, IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping.Register(() =>
    {
        // One that is told to stop is still active when its host begins to.
        if (silos.GetApproximateSiloStatus(silos.SiloAddress) == SiloStatus.Dead)
        {
            ExitCode = DeclaredDead;
            Console.Error.WriteLine($"Silo {silos.SiloAddress} was declared dead by the other silos: it was stopped, cut off or too slow for too long. Start it again to join anew.");
        }
    });

    public int ExitCode { get; private set; }

    public static SiloFate Of(IHost host) =>
        new(host.Services.GetRequiredService<ISiloStatusOracle>(), host.Services.GetRequiredService<IHostApplicationLifetime>());

    public void Dispose() => _stopping.Dispose();
}
