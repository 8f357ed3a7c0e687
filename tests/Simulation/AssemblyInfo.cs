using System.Runtime.CompilerServices;

// Worlds run side by side where a test says so; tests themselves one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Orleans.Dask.Simulation;

internal static class AtStart
{
    // The container would compile its call sites on the thread pool, a thousand times over: every run has services of its own.
    [ModuleInitializer]
    internal static void Set()
    {
        AppContext.SetSwitch("Microsoft.Extensions.DependencyInjection.DisableDynamicEngine", true);
        Unobserved.Watch();
    }
}
