using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Workers;
using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.Simulation.World;
using Orleans.Embedded;

namespace Orleans.Dask.Simulation.Cluster;

/// <summary>A silo in a process of its own, composed as in production.</summary>
internal sealed class SimSilo
{
    // Scanned once: every silo hosts the same.
    private static readonly Type[] s_grains = [.. GrainCatalog.ClassesOfProgram()];

    private SimSilo(SimProcess process, EmbeddedSilo silo)
    {
        Process = process;
        Silo = silo;
    }

    public SimProcess Process { get; }

    public EmbeddedSilo Silo { get; }

    /// <summary>It takes itself for the keeper of the membership table.</summary>
    public bool IsKeeper => Silo.Membership.Table.Keeper.Equals(Silo.Address);

    public WorkerCore Worker => Silo.Services.GetRequiredService<WorkerCore>();

    /// <summary>It was asked to stop: it hands over what it has, then leaves.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>What its host would do: the services that were added after the silo stop before it.</summary>
    public async Task StopAsync()
    {
        foreach (var service in Silo.Services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await Silo.StopAsync();
    }

    public static async Task<SimSilo> StartAsync(SimProcess process, SiloSettings settings, ClusterShape shape, ValueLog values)
    {
        var silo = new SimSilo(process, Compose(process, settings, shape));
        silo.Worker.Store.Kept = (session, key, value) => values.Note(process, session, key, value);
        await silo.Silo.StartAsync();
        return silo;
    }

    public static EmbeddedSilo Compose(SimProcess process, SiloSettings settings, ClusterShape shape) => ByHand.Silo(builder =>
    {
        var services = builder.Services;
        services.AddSingleton(process.Time);
        services.AddSingleton<Orleans.Dask.Grains.Execution.IExecutor>(process.Slots);
        services.AddSingleton(new WorkerOptions { Slots = settings.Dask.Slots, MemoryLimit = 1L << 30, Process = process.Name, PieceBytes = shape.PieceBytes, RidingBytes = shape.RidingBytes });
        services.AddSingleton<ILoggerFactory>(new SimLogger(process));
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(new CodeOptions { Deployed = StrangersUnknown.Instance });
        SiloHost.Compose(builder, settings);
        builder.Configure<SiloSetup>(setup =>
        {
            setup.Environment = process.Environment;
            setup.SiloName = process.Name;
            setup.GrainClasses = s_grains;
        });
    });

    public override string ToString() => Process.Name;
}

/// <summary>Silos know what is deployed, and that is not the client's own program, though one process has it all.</summary>
internal sealed class StrangersUnknown : ICodeResolver
{
    public static readonly StrangersUnknown Instance = new();

    public System.Reflection.Assembly? Resolve(AssemblyIdentity id) => id.Name == "Orleans.Dask.Stranger" ? null : LoadedCode.Instance.Resolve(id);
}
