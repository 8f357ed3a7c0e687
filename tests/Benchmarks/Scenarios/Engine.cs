using System.Diagnostics;
using Orleans.Dask.Silo;

namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>
/// The embedded engine alone: calls, activations and bytes, without tasks and payloads. Every caller has a grain of its own and
/// awaits each call before it makes the next. <c>*_inproc</c>: silo and callers in one process; <c>*_process</c>: the silo in
/// another process, the callers behind one client connection.
/// </summary>
public sealed class Engine : IScenarioSource
{
    private const int Message = 4_000_000;

    public IEnumerable<Scenario> Scenarios =>
    [
        InProcess("engine_call_inproc_1", 400_000, callers: 1),
        InProcess("engine_call_inproc", 1_600_000, callers: 16),
        Activations("engine_activations", 50_000, callers: 16),
        Latency("engine_call_process", 20_000),
        Concurrent("engine_call_process_256", 256_000, callers: 256),
        Bulk("engine_bulk_process", messages: 250, callers: 4),
        Ready("engine_cluster_ready"),
    ];

    private static double? s_firstReady;

    // "first_seconds" is what a program sees that starts one cluster: this process has compiled nothing of it yet.
    private static Scenario Ready(string name) => new(name, 1, () =>
    {
        LocalCluster? cluster = null;
        return Task.FromResult<IScenarioRun>(new ScenarioRun(
            async () =>
            {
                var begun = Stopwatch.GetTimestamp();
                cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 2, Slots = 1, Client = new DaskClientOptions { IsDefault = false } });
                s_firstReady ??= Stopwatch.GetElapsedTime(begun).TotalSeconds;
                return cluster.Client.Workers.Count;
            },
            () => [("first_seconds", s_firstReady!.Value)],
            () => cluster!.DisposeAsync()));
    });

    private static Scenario InProcess(string name, int calls, int callers) => new(name, calls, async () =>
    {
        var silo = await BareSilo.StartAsync();
        var grains = await GrainsAsync(silo.GrainFactory, callers);
        var allocated = 0L;
        return new ScenarioRun(
            async () =>
            {
                var before = GC.GetTotalAllocatedBytes();
                await CallAsync(grains, calls);
                allocated = GC.GetTotalAllocatedBytes() - before;
                return await ExecutedAsync(grains);
            },
            () => [("bytes_a_call", (double)allocated / calls)],
            silo.DisposeAsync);
    });

    private static Scenario Activations(string name, int count, int callers) => new(name, count, async () =>
    {
        var silo = await BareSilo.StartAsync();
        // References cost a look at the membership and are not what is asked here.
        var grains = Enumerable.Range(0, count).Select(i => silo.GrainFactory.GetGrain<IBenchGrain>($"new {i}")).ToArray();
        var allocated = 0L;
        return new ScenarioRun(
            async () =>
            {
                var before = GC.GetTotalAllocatedBytes();
                var next = -1;
                await Callers(callers, async _ =>
                {
                    for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                    {
                        await grains[i].NothingAsync();
                    }
                });
                allocated = GC.GetTotalAllocatedBytes() - before;
                return silo.LocalActivations.Count();
            },
            () => [("bytes_an_activation", (double)allocated / count)],
            silo.DisposeAsync);
    });

    private static Scenario Latency(string name, int calls) => new(name, calls, async () =>
    {
        var silo = await SiloProcess.StartAsync();
        var grain = (await GrainsAsync(silo.Client, 1))[0];
        await CallAsync([grain], calls);
        await ExecutedAsync([grain]);
        var times = new double[calls];
        return new ScenarioRun(
            async () =>
            {
                for (var i = 0; i < calls; i++)
                {
                    var begun = Stopwatch.GetTimestamp();
                    await grain.NothingAsync();
                    times[i] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
                }

                return await ExecutedAsync([grain]);
            },
            () =>
            {
                Array.Sort(times);
                return [("p50_us", times[calls / 2]), ("p99_us", times[calls * 99 / 100])];
            },
            silo.DisposeAsync);
    });

    private static Scenario Concurrent(string name, int calls, int callers) => new(name, calls, async () =>
    {
        var silo = await SiloProcess.StartAsync();
        var grains = await GrainsAsync(silo.Client, callers);
        await CallAsync(grains, calls);
        await ExecutedAsync(grains);
        return new ScenarioRun(
            async () =>
            {
                await CallAsync(grains, calls);
                return await ExecutedAsync(grains);
            },
            end: silo.DisposeAsync);
    });

    private static Scenario Bulk(string name, int messages, int callers) => new(name, messages, async () =>
    {
        var silo = await SiloProcess.StartAsync();
        var grains = await GrainsAsync(silo.Client, callers);
        var bytes = new byte[Message];
        new Random(20261121).NextBytes(bytes);
        var seconds = 0.0;
        async Task<double> SendAsync()
        {
            var begun = Stopwatch.GetTimestamp();
            var (next, sum) = (0, 0L);
            await Callers(callers, async caller =>
            {
                while (Interlocked.Increment(ref next) <= messages)
                {
                    Interlocked.Add(ref sum, await grains[caller].TakeAsync(bytes));
                }
            });
            seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            return sum;
        }

        await SendAsync();
        return new ScenarioRun(SendAsync, () => [("GB_per_s", (double)messages * Message / seconds / 1e9)], silo.DisposeAsync);
    });

    /// <summary>Grains that are active.</summary>
    private static async Task<IBenchGrain[]> GrainsAsync(IGrainFactory factory, int count)
    {
        var grains = Enumerable.Range(0, count).Select(i => factory.GetGrain<IBenchGrain>($"bench {i}")).ToArray();
        await ExecutedAsync(grains);
        return grains;
    }

    /// <summary>Calls that the grains saw since they were asked before: all that were made, or the figure is worth nothing.</summary>
    private static async Task<double> ExecutedAsync(IBenchGrain[] grains)
    {
        var executed = 0.0;
        foreach (var grain in grains)
        {
            executed += await grain.CallsAsync();
        }

        return executed;
    }

    private static Task CallAsync(IBenchGrain[] grains, int calls) => Callers(grains.Length, async caller =>
    {
        var grain = grains[caller];
        for (var i = 0; i < calls / grains.Length; i++)
        {
            await grain.NothingAsync();
        }
    });

    private static Task Callers(int count, Func<int, Task> caller) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => caller(i))));
}
