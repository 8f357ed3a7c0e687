using System.Globalization;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>Graphs under the same keys time and again: what they are made from is given up, and their twins of before live on or are let go late. Who asks last gets the value.</summary>
internal sealed class AgainWorkload : Workload
{
    private const string Layer = "again";
    private static readonly TaskFunction s_one = DelegateFunction.Of((Func<long, long>)TaskFunctions.One);
    private static readonly TaskFunction s_two = DelegateFunction.Of((Func<long, long, long>)TaskFunctions.Two);
    private static readonly TaskFunction s_slow = DelegateFunction.Of((Func<long, int, Task<long>>)TaskFunctions.Slow);

    private int _graphs;

    public override bool MayBeginTwice(TaskKey key) => base.MayBeginTwice(key) || key.Layer.StartsWith(Layer, StringComparison.Ordinal);

    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            try
            {
                await Task.WhenAll(Enumerable.Range(0, random.Next(1, 4)).Select(_ => new SeededRandom(random.Next())).ToArray().Select(own => OneAsync(client, own)));
            }
            catch (Exception e) when (IsExcused(e))
            {
                // Deaths enough.
            }

            await PauseAsync(client, random);
        }
    }

    private async Task OneAsync(SimClient client, SeededRandom random)
    {
        var layer = string.Create(CultureInfo.InvariantCulture, $"{Layer}{_graphs++}");
        TaskKey[] keys = [new(layer, 0), new(layer, 1), new(layer, 2)];
        var (number, pause) = ((long)random.Next(1000), random.Next(1, 1500));
        var value = TaskFunctions.One(TaskFunctions.One(number));
        object[] expected = [value, TaskFunctions.One(value), TaskFunctions.Two(TaskFunctions.One(value), value)];
        for (var twin = random.Next(2, 5); ; twin--)
        {
            var input = Keep(client.Dask.Submit(TaskFunctions.Slow, number, random.Next(1, 3000)));
            var graph = new TaskGraphBuilder();
            graph.Add(new FutureNode(input.Key));
            graph.Add(new CallNode(keys[0], s_one, input.Key));
            graph.Add(new CallNode(keys[1], s_slow, new TaskKey[] { keys[0] }, [Input.At(0), pause]));
            graph.Add(new CallNode(keys[2], s_two, keys[1], keys[0]));
            var persisted = await client.Dask.PersistAsync(graph.Build(), keys);
            _ = Keep((IDisposable)persisted);
            if (twin == 1)
            {
                await ReadAsync(client, persisted, keys, expected, mayBeCancelled: false);
                await PauseAsync(client, random);
                await ReadAsync(client, persisted, keys, expected, mayBeCancelled: false);
                return;
            }

            var ending = ReadAsync(client, persisted, keys, expected, mayBeCancelled: true);
            await PauseAsync(client, random);
            if (random.Chance(0.7))
            {
                await input.CancelAsync();
            }

            // What was cancelled has been seen to be before it is asked for anew.
            await ending;
            var late = random.Span(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(6));
            _ = LetGoLateAsync(client, (IDisposable)persisted, late);
        }
    }

    private static async Task LetGoLateAsync(SimClient client, IDisposable persisted, TimeSpan late)
    {
        await Task.Delay(late, client.Process.Time);
        persisted.Dispose();
    }

    private static async Task ReadAsync(SimClient client, PersistedGraph persisted, TaskKey[] keys, object[] expected, bool mayBeCancelled)
    {
        object?[] found;
        try
        {
            found = await client.Dask.ComputeAsync(persisted.Graph, keys);
        }
        catch (OperationCanceledException) when (mayBeCancelled)
        {
            return;
        }

        for (var i = 0; i < keys.Length; i++)
        {
            Same(expected[i], found[i], keys[i].ToString());
        }
    }
}
