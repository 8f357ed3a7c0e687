using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Silo;
using Orleans.Dask.Silo.Commands;

namespace Orleans.Dask.Benchmarks;

/// <summary>A silo process that drops every third activation of workers and values it was called at, as Orleans may between any two turns.</summary>
internal sealed class DroppingSilo : IIncomingGrainCallFilter
{
    /// <summary>The argument that makes this program such a silo.</summary>
    public const string Command = "dropping-silo";

    private static int s_calls;
    private static int s_dropped;

    /// <summary>Activations dropped in this process.</summary>
    public static int Dropped => Volatile.Read(ref s_dropped);

    public static Task<LocalCluster> StartClusterAsync() => LocalCluster.StartAsync(new LocalClusterOptions
    {
        Silos = 2,
        Client = new DaskClientOptions { IsDefault = false },
        ChildProgram = [typeof(DroppingSilo).Assembly.Location, Command],
    });

    public static Task<int> ServeAsync() =>
        ChildCommand.RunAsync(Console.In, Console.Out, silo => silo.AddIncomingGrainCallFilter<DroppingSilo>());

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Grain is IWorkerGrain or IChunkGrain && Interlocked.Increment(ref s_calls) % 3 == 0)
        {
            Interlocked.Increment(ref s_dropped);
            ((IGrainBase)context.Grain).DeactivateOnIdle();
        }
    }
}
