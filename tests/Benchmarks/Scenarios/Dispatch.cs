using System.Diagnostics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>
/// What dispatch in batches costs: no-op tasks over two silo processes of one slot, each with its own key and future. Reported
/// besides: processor time of all processes over tasks, memory over tasks while all futures live (what the silo processes grew
/// by, garbage included, and what this one holds), and the time to read a key through its grain afterwards.
/// </summary>
public sealed class Dispatch : IScenarioSource
{
    internal const int Reads = 1_000;

    public IEnumerable<Scenario> Scenarios => 
    [
        Of("dispatch_100k", 100_000, fresh: false),
        Of("dispatch_1m", 1_000_000, fresh: true) with { Repeat = 1 },
    ];

    // Fresh silos tell what tasks take: in others, what earlier tasks made them grow by hides it. Warm ones tell how fast they are.
    private static Scenario Of(string name, int tasks, bool fresh) => new(name, tasks, async () =>
    {
        if (fresh)
        {
            await SharedCluster.EndAsync();
        }

        var cluster = await SharedCluster.GetAsync(processes: true);
        var client = cluster.Client;
        await client.GatherAsync(client.Map(CountedCalls.Inc, Enumerable.Range(0, 1_000)));
        var processes = cluster.ProcessIds.Append(Environment.ProcessId).Distinct().Select(Process.GetProcessById).ToArray();
        var calls = await SharedCluster.CallsAsync(cluster);
        var (processor, memory) = (Processor(processes), Memory(processes));
        IReadOnlyList<Future<int>> futures = [];
        return new ScenarioRun(
            async () =>
            {
                futures = client.Map(CountedCalls.Inc, Enumerable.Range(0, tasks));
                return (await client.GatherAsync(futures)).Sum(value => (double)value);
            },
            () =>
            {
                var processorUsed = (Processor(processes) - processor).TotalMicroseconds / tasks;
                var memoryUsed = (double)(Memory(processes) - memory) / tasks;
                var executed = SharedCluster.CallsAsync(cluster).GetAwaiter().GetResult() - calls;
                var begun = Stopwatch.GetTimestamp();
                ReadSomeAsync(client, futures).GetAwaiter().GetResult();
                return
                [
                    ("executed", executed),
                    ("processor_us_a_task", processorUsed),
                    ("bytes_a_task", memoryUsed),
                    ("read_through_grain_us", Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Reads),
                ];
            },
            async () =>
            {
                foreach (var future in futures)
                {
                    future.Dispose();
                }

                Array.ForEach(processes, process => process.Dispose());
                await client.Submit(CountedCalls.Inc, 0);
            });
    });

    // One by one, as a plain client of the cluster would.
    internal static async Task ReadSomeAsync(DaskClient client, IReadOnlyList<Future<int>> futures)
    {
        var random = new Random(20261121);
        for (var i = 0; i < Reads; i++)
        {
            var place = random.Next(futures.Count);
            var piece = await client.Link.Grains.GetGrain<ITaskGrain>($"{client.Session}/{futures[place].Key}").ReadAsync(0, null)
                ?? throw new InvalidOperationException($"'{futures[place].Key}' has no value.");
            if (Payload.Decode<int>(piece.Bytes) != place + 1)
            {
                throw new InvalidOperationException($"'{futures[place].Key}' is not {place + 1}.");
            }
        }
    }

    private static TimeSpan Processor(Process[] processes) => TimeSpan.FromTicks(Sum(processes, process => process.TotalProcessorTime.Ticks));

    private static long Memory(Process[] processes) => GC.GetTotalMemory(forceFullCollection: true)
        + Sum([.. processes.Where(process => process.Id != Environment.ProcessId)], process => process.WorkingSet64);

    private static long Sum(Process[] processes, Func<Process, long> of) => processes.Sum(process =>
    {
        process.Refresh();
        return of(process);
    });
}
