using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;
using Orleans.Dask.Streams;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>A local pipeline whose middle runs on the cluster: every event passes, once and in order.</summary>
internal sealed class StreamsWorkload : Workload
{
    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        var count = random.Next(1, 30);
        var (source, results, expected) = (new StreamSource<long>(), new List<long>(), new List<long>());
        var ahead = random.Next(1, 8);
        var futures = new List<Future<long>>();
        source.Map(TaskFunctions.One)
            .Map(value =>
            {
                futures.Add(Keep(client.Dask.Submit(TaskFunctions.Source, value)));
                return futures[^1];
            })
            .Buffer(ahead)
            .MapAsync(future => new ValueTask<long>(future.ResultAsync()))
            .Sink(results.Add);
        var error = default(Exception);
        try
        {
            for (var i = 0; i < count; i++)
            {
                expected.Add(TaskFunctions.Source(TaskFunctions.One(i)));
                await source.EmitAsync(i);
                if (random.Chance(0.2))
                {
                    await PauseAsync(client, random);
                }
            }
        }
        catch (Exception e) when (IsExcused(e.InnerException ?? e))
        {
            error = e;
        }

        // The last ones are in the buffer still; one that failed there would be told with the next event.
        try
        {
            foreach (var future in error is null ? futures : [])
            {
                await future;
            }

            for (var tries = 0; tries < 100 && results.Count < count; tries++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), client.Process.Time);
            }
        }
        catch (Exception e) when (IsExcused(e))
        {
            error = e;
        }

        Same(string.Join(' ', expected.Take(results.Count)), string.Join(' ', results), "what came out");
        if (error is null)
        {
            Same(count, results.Count, "the number of events");
        }
    }
}
