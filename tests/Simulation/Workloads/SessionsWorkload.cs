using System.Globalization;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>Sessions that end in the middle of their work, while tasks run and inputs are on their way. Nothing of them stays, and the next begins as if there had been none.</summary>
internal sealed class SessionsWorkload : Workload
{
    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        for (var number = random.Next(1, 6); number > 0; number--)
        {
            var dask = await client.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"session{number}"));
            var asked = Begin(dask, random);
            var waitsFor = random.Pick([0, 0.2, 1]);
            try
            {
                foreach (var (future, value) in asked.Where(_ => random.Chance(waitsFor)).ToArray())
                {
                    Same(value, await future, future.Key.ToString());
                }
            }
            catch (Exception e) when (IsExcused(e))
            {
                // Deaths enough.
            }

            var writing = random.Chance(0.5) ? WriteAsync(dask, random.Next(1000)) : Task.CompletedTask;
            await PauseAsync(client, random);
            await dask.DisposeAsync();
            await writing;
            foreach (var (future, value) in asked)
            {
                await EndedAsync(future, value);
            }
        }
    }

    /// <summary>What it has asked for, with what it must get where it waits long enough.</summary>
    private List<(Future<long> Future, long Value)> Begin(DaskClient dask, SeededRandom random)
    {
        var asked = new List<(Future<long> Future, long Value)>();
        for (var count = random.Next(1, 12); count > 0; count--)
        {
            var number = (long)random.Next(1000);
            var source = Keep(dask.Submit(TaskFunctions.Slow, number, random.Next(1, 4000)));
            var large = Keep(dask.Submit(TaskFunctions.Large, source, 2000));
            asked.Add((Keep(dask.Submit(TaskFunctions.Sum, large)), TaskFunctions.Sum(TaskFunctions.Large(TaskFunctions.One(number), 2000))));
            asked.Add((source, TaskFunctions.One(number)));
        }

        return asked;
    }

    private async Task WriteAsync(DaskClient dask, int number)
    {
        try
        {
            _ = Keep(await dask.ScatterAsync(TaskFunctions.Large(number, 20_000)));
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            // Its session has ended under way.
        }
    }

    private async Task EndedAsync(Future<long> future, long value)
    {
        try
        {
            Same(value, await future, future.Key.ToString());
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || IsExcused(e))
        {
            // Its session has ended before it, or its value has gone with the session.
        }
    }
}
