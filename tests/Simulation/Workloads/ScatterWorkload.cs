using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>Values put into stores, taken by tasks, and brought back. One that was kept once may be lost with its silo, and says so.</summary>
internal sealed class ScatterWorkload : Workload
{
    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            try
            {
                await RoundAsync(client, random);
            }
            catch (Exception e) when (IsExcused(e))
            {
                // The values were lost with their silo: what was made of them cannot be made again.
            }

            await PauseAsync(client, random);
        }
    }

    private async Task RoundAsync(SimClient client, SeededRandom random)
    {
        var dask = client.Dask;
        var size = random.Pick([1, 10, 1000, 200_000]);
        var values = Enumerable.Range(0, random.Next(1, 5)).Select(_ => TaskFunctions.Large(random.Next(1000), size)).ToArray();
        var replicas = random.Chance(0.3) && dask.Workers.Count > 1 ? 2 : 1;
        var placed = new List<Future<long[]>>();
        foreach (var value in values)
        {
            placed.Add(Keep(await ScatterAsync(dask, value, replicas)));
        }

        await PauseAsync(client, random);
        var sums = dask.Map(TaskFunctions.Sum, placed).Select(Keep).ToArray();
        var total = Keep(dask.Submit(TaskFunctions.Many, sums));
        Same(TaskFunctions.Many([.. values.Select(TaskFunctions.Sum)]), await total, "the total");
        var back = await dask.GatherAsync(placed);
        for (var i = 0; i < values.Length; i++)
        {
            if (!values[i].AsSpan().SequenceEqual(back[i]))
            {
                throw new WrongAnswerException($"Value {i} of {values.Length} came back changed: {back[i].Length} numbers, expected {values[i].Length}.");
            }
        }
    }

    private static async Task<Future<long[]>> ScatterAsync(DaskClient dask, long[] value, int replicas)
    {
        try
        {
            return await dask.ScatterAsync(value, replicas: replicas);
        }
        catch (NoWorkerException) when (replicas > 1)
        {
            // There were two silos a moment ago.
            return await dask.ScatterAsync(value);
        }
    }
}
