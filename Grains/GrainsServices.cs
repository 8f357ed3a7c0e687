using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;
using Orleans.Dask.Grains.Scheduling;
using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Grains.Workers;

namespace Orleans.Dask.Grains;

/// <summary>All that a silo needs to schedule, run and keep.</summary>
public static class GrainsServices
{
    /// <summary>Registers store, executor, worker, code and placement. Options may be registered before; else they have their defaults.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="worker">What it offers as a worker.</param>
    /// <param name="code">Whose code it runs.</param>
    public static ISiloBuilder AddDaskGrains(this ISiloBuilder builder, WorkerOptions? worker = null, CodeOptions? code = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(worker ?? new WorkerOptions());
        services.TryAddSingleton(code ?? new CodeOptions());
        services.TryAddSingleton(new SchedulerOptions());
        services.TryAddSingleton<CodeStore>();
        services.TryAddSingleton(provider => new SessionCodes(
            provider.GetRequiredService<CodeStore>(),
            provider.GetRequiredService<CodeOptions>(),
            session => provider.GetRequiredService<IGrainFactory>().GetGrain<ICodeGrain>(session.Value),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IExecutor>(provider => new Executor(
            Math.Max(1, provider.GetRequiredService<WorkerOptions>().Slots), provider.GetRequiredService<ILogger<Executor>>()));
        services.TryAddSingleton<ChunkStore>();
        services.TryAddSingleton<InventoryView>();
        services.TryAddSingleton(CreateCore);
        services.AddHostedService<Departure>();
        builder.AddPlacementDirector<DataLocalPlacement, DataLocalPlacementDirector>();
        builder.AddPlacementDirector<WorkerPlacement, DataLocalPlacementDirector>();
        builder.AddIncomingGrainCallFilter<HintFilter>();
        return builder;
    }

    private static WorkerCore CreateCore(IServiceProvider provider)
    {
        var core = new WorkerCore(
            provider.GetRequiredService<WorkerOptions>(),
            provider.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<IExecutor>(),
            provider.GetRequiredService<ChunkStore>(),
            provider.GetRequiredService<SessionCodes>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WorkerCore>>());

        // Held by the store it listens to.
        _ = new Announcer(core, core.Store, provider.GetRequiredService<InventoryView>(), provider.GetRequiredService<ISiloStatusOracle>());
        return core;
    }
}
