using Orleans.Dask.Grains;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Workers;

namespace Orleans.Dask.Silo.Hosting;

/// <summary>Makes a silo one that runs tasks: the only wiring there is, the same in production, tests and simulation.</summary>
public static class DaskSiloBuilderExtensions
{
    /// <summary>Adds the executor, the chunk store, code loading, placement by data, and what the grains need.</summary>
    /// <param name="silo">Any silo; it may host other grains besides.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static ISiloBuilder AddDask(this ISiloBuilder silo, DaskSiloOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var settings = (options ?? new DaskSiloOptions()).Checked();
        return silo.AddDaskGrains(
            new WorkerOptions { Slots = settings.Slots, MemoryLimit = settings.MemoryLimit, LeaveTimeout = settings.LeaveTimeout, LeaveTaskTimeout = settings.LeaveTaskTimeout },
            new CodeOptions { AllowClientCode = settings.AllowClientCode, FunctionAssemblies = [.. settings.FunctionAssemblies] });
    }
}
