using System.Globalization;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>Long tasks on large values, in layers: while they run silos go, schedulers are replaced, and what was made is lost and made again. All of it is read, and read once more at the end.</summary>
internal sealed class LongWorkload : Workload
{
    private const int Numbers = 1000;

    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        var made = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Source(client.Dask, random.Next(1000))).ToList();
        for (var layer = random.Next(1, 6); layer > 0; layer--)
        {
            var before = made.ToArray();
            for (var width = random.Next(1, 6); width > 0; width--)
            {
                made.Add(Blend(client.Dask, random.Pick(before), random.Pick(before), random.Next(1, 5000)));
            }

            if (random.Chance(0.3))
            {
                await PauseAsync(client, random);
            }
        }

        var readings = made.Where(_ => random.Chance(0.5)).ToArray().Select(CheckAsync).ToArray();
        await PauseAsync(client, random);
        await Task.WhenAll(readings);
        await Task.WhenAll(made.Select(CheckAsync));
        await PauseAsync(client, random);
        await Task.WhenAll(made.Select(CheckAsync));
    }

    private Entry Source(DaskClient dask, long number) =>
        new(Keep(dask.Submit(TaskFunctions.Large, number, Numbers)), TaskFunctions.Large(number, Numbers));

    private Entry Blend(DaskClient dask, Entry left, Entry right, int milliseconds) =>
        new(Keep(dask.Submit(TaskFunctions.Blend, left.Future, right.Future, milliseconds)), TaskFunctions.Blend(left.Value, right.Value));

    private async Task CheckAsync(Entry entry)
    {
        try
        {
            var found = await entry.Future;
            if (!entry.Value.AsSpan().SequenceEqual(found))
            {
                throw new WrongAnswerException(string.Create(CultureInfo.InvariantCulture, $"{entry.Future.Key} begins with {found[0]}, expected {entry.Value[0]}."));
            }
        }
        catch (Exception e) when (IsExcused(e))
        {
            // Deaths enough.
        }
    }

    private sealed record Entry(Future<long[]> Future, long[] Value);
}
