using System.Globalization;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>Random graphs, some at the same time; the synchronous scheduler says what they must give.</summary>
internal sealed class GraphWorkload : Workload
{
    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            await Task.WhenAll(Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(int.MaxValue)).ToArray().Select(seed => OneAsync(client, seed)));
            await PauseAsync(client, random);
        }
    }

    private async Task OneAsync(SimClient client, int seed)
    {
        var (graph, wanted) = Generate.Graph.Layered(seed, string.Create(CultureInfo.InvariantCulture, $"graph{seed}"));
        var expected = await new SynchronousScheduler().ComputeAsync(graph, wanted);
        object?[] found;
        try
        {
            found = await client.Dask.ComputeAsync(graph, wanted);
        }
        catch (Exception e) when (IsExcused(e))
        {
            return;
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            Same(expected[i], found[i], string.Create(CultureInfo.InvariantCulture, $"{wanted[i]} of graph {seed}"));
        }
    }
}
