using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dask.Grains;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Workers;

namespace Orleans.Dask.Silo.Hosting;

/// <summary>Makes a silo one that runs tasks: the only wiring there is, the same in production, tests and simulation.</summary>
public static class DaskSiloBuilderExtensions
{
    private static readonly TimeSpan s_engineStops = TimeSpan.FromSeconds(30);

    /// <summary>Adds the executor, the chunk store, code loading, placement by data, and what the grains need; gives the host time enough to stop for what a silo hands over as it leaves.</summary>
    /// <param name="silo">Any silo; it may host other grains besides.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static ISiloBuilder AddDask(this ISiloBuilder silo, DaskSiloOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var settings = (options ?? new DaskSiloOptions()).Checked();

        // What is handed over and what the engine has to say as it goes, one after the other. A host that has more time, or no limit, keeps it.
        silo.Services.AddOptions<HostOptions>().PostConfigure<WorkerOptions>((host, worker) =>
        {
            if (host.ShutdownTimeout != Timeout.InfiniteTimeSpan && host.ShutdownTimeout < worker.LeaveTimeout + s_engineStops)
            {
                host.ShutdownTimeout = worker.LeaveTimeout + s_engineStops;
            }
        });
        return silo.AddDaskGrains(
            new WorkerOptions { Slots = settings.Slots, MemoryLimit = settings.MemoryLimit, LeaveTimeout = settings.LeaveTimeout, LeaveTaskTimeout = settings.LeaveTaskTimeout },
            new CodeOptions { AllowClientCode = settings.AllowClientCode, FunctionAssemblies = [.. settings.FunctionAssemblies] });
    }
}
