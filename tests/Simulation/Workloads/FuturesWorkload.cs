using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>Futures of futures: some are let go early, some given up, some throw, some wait. Each ends, and as it must.</summary>
internal sealed class FuturesWorkload : Workload
{
    private readonly List<Entry> _entries = [];

    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        for (var count = random.Next(5, 60); count > 0; count--)
        {
            Submit(client, random);
            Tell(client, "submits", _entries[^1]);
            if (random.Chance(0.1))
            {
                var entry = random.Pick(_entries);
                Tell(client, "lets go", entry);
                entry.IsGone = true;
                entry.Future.Dispose();
            }

            if (random.Chance(0.03) && Held(random) is { } given)
            {
                Tell(client, "gives up", given);
                GiveUp(given);
                _ = given.Future.CancelAsync();
            }

            if (random.Chance(0.1))
            {
                await PauseAsync(client, random);
            }
        }

        await Task.WhenAll(_entries.Where(e => !e.IsGone).Select(CheckAsync));
        await PauseAsync(client, random);

        // Again, now that all have ended: what a lost silo held must come back.
        await Task.WhenAll(_entries.Where(e => !e.IsGone && random.Chance(0.3)).ToArray().Select(CheckAsync));
    }

    private void Submit(SimClient client, SeededRandom random)
    {
        var dask = client.Dask;
        var (a, b) = (Held(random), Held(random));
        var kind = a is null || b is null ? 0 : random.Next(12);
        var number = (long)random.Next(1000);
        switch (kind)
        {
            case 0 or 1:
                Add(dask.Submit(TaskFunctions.Source, number), TaskFunctions.Source(number), []);
                break;
            case 2 or 3 or 4:
                Add(dask.Submit(TaskFunctions.One, a!.Future), TaskFunctions.One(a.Value), [a]);
                break;
            case 5 or 6:
                Add(dask.Submit(TaskFunctions.Two, a!.Future, b!.Future), TaskFunctions.Two(a.Value, b.Value), [a, b]);
                break;
            case 7 or 8:
                Add(dask.Submit(TaskFunctions.Slow, a!.Future, random.Next(1, 2000)), TaskFunctions.One(a.Value), [a]);
                break;
            case 9:
                var some = _entries.Where(e => !e.IsGone && random.Chance(0.3)).ToArray();
                Add(dask.Submit(TaskFunctions.Many, some.Select(e => e.Future)), TaskFunctions.Many([.. some.Select(e => e.Value)]), some);
                break;
            case 10:
                var large = Keep(dask.Submit(TaskFunctions.Large, a!.Future, 2000));
                Add(dask.Submit(TaskFunctions.Sum, large), TaskFunctions.Sum(TaskFunctions.Large(a.Value, 2000)), [a]);
                break;
            default:
                Add(dask.Submit(TaskFunctions.Throws, a!.Future), 0, [a]).Throws = true;
                break;
        }
    }

    private static void Tell(SimClient client, string what, Entry entry) =>
        client.Process.World.Note(client.Process, what, entry.Future.Key.ToString(), string.Join(' ', entry.Inputs.Select(i => i.Future.Key)));

    private Entry? Held(SeededRandom random)
    {
        var held = _entries.Where(e => !e.IsGone).ToArray();
        return held.Length == 0 ? null : random.Pick(held);
    }

    private Entry Add(Future<long> future, long value, Entry[] inputs)
    {
        var entry = new Entry(Keep(future), value, inputs) { Throws = inputs.Any(i => i.Throws), MayBeCancelled = inputs.Any(i => i.MayBeCancelled) };
        foreach (var input in inputs)
        {
            input.Dependants.Add(entry);
        }

        _entries.Add(entry);
        return entry;
    }

    private static void GiveUp(Entry entry)
    {
        if (!entry.MayBeCancelled)
        {
            entry.MayBeCancelled = true;
            entry.Dependants.ForEach(GiveUp);
        }
    }

    private async Task CheckAsync(Entry entry)
    {
        long found;
        try
        {
            found = await entry.Future;
        }
        catch (OperationCanceledException) when (entry.MayBeCancelled)
        {
            return;
        }
        catch (TaskFailedException e) when (entry.Throws && e.InnerException is InvalidTimeZoneException)
        {
            return;
        }
        catch (TaskFailedException e) when (entry.MayBeCancelled && e.InnerException is OperationCanceledException or null)
        {
            return;
        }
        catch (Exception e) when (IsExcused(e))
        {
            return;
        }

        if (entry.Throws)
        {
            throw new WrongAnswerException($"{entry.Future.Key} is {found}, expected the exception that one of its inputs throws.");
        }

        Same(entry.Value, found, entry.Future.Key.ToString());
    }

    private sealed class Entry(Future<long> future, long value, Entry[] inputs)
    {
        public Future<long> Future => future;

        public long Value => value;

        public Entry[] Inputs => inputs;

        public List<Entry> Dependants { get; } = [];

        public bool Throws { get; set; }

        public bool MayBeCancelled { get; set; }

        public bool IsGone { get; set; }
    }
}
