using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Workers;
using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.Simulation.World;
using Orleans.Embedded;

namespace Orleans.Dask.Simulation.Cluster;

/// <summary>A silo in a process of its own, composed as in production.</summary>
internal sealed class SimSilo
{
    /// <summary>For state that is to survive silos.</summary>
    public const string DurableStore = "durable";

    // Scanned once: every silo hosts the same.
    private static readonly Type[] s_grains = [.. GrainCatalog.ClassesOfProgram()];

    private SimSilo(SimProcess process, EmbeddedSilo silo)
    {
        Process = process;
        Silo = silo;
    }

    public SimProcess Process { get; }

    public EmbeddedSilo Silo { get; }

    public WorkerCore Worker => Silo.Services.GetRequiredService<WorkerCore>();

    public static async Task<SimSilo> StartAsync(SimProcess process, SiloSettings settings)
    {
        var silo = new SimSilo(process, Compose(process, settings));
        await silo.Silo.StartAsync();
        return silo;
    }

    public static EmbeddedSilo Compose(SimProcess process, SiloSettings settings) => ByHand.Silo(builder =>
    {
        var services = builder.Services;
        services.AddSingleton(process.Time);
        services.AddSingleton<Orleans.Dask.Grains.Execution.IExecutor>(process.Slots);
        services.AddSingleton(new WorkerOptions { Slots = settings.Dask.Slots, MemoryLimit = 1L << 30, Process = process.Name });
        services.AddSingleton<ILoggerFactory>(new SimLogger(process));
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        SiloHost.Compose(builder, settings);
        builder.Configure<SiloSetup>(setup =>
        {
            setup.Environment = process.Environment;
            setup.SiloName = process.Name;
            setup.GrainClasses = s_grains;
        });

        // One disk for all silos, as a shared file system or a database would be.
        builder.AddFileGrainStorage(DurableStore, "/durable");
    });

    public override string ToString() => Process.Name;
}
