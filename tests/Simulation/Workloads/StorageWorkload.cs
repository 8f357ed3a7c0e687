using System.Globalization;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>A service with a state of its own beside the computations.</summary>
[Alias("simulation.ILedgerGrain")]
internal interface ILedgerGrain : IGrainWithStringKey
{
    /// <summary>Enters a line once, however often it is told; returns when it is stored.</summary>
    [Alias("Enter")]
    Task EnterAsync(int line);

    [Alias("Read")]
    Task<int[]> ReadAsync();

    /// <summary>The lines, one by one.</summary>
    [Alias("Lines")]
    IAsyncEnumerable<int> LinesAsync(CancellationToken cancellationToken = default);

    /// <summary>From now on, and as long as this activation lives, the observer may hear of lines.</summary>
    [Alias("Watch")]
    Task WatchAsync(ILedgerObserver observer);
}

/// <summary>Who looks over a ledger's shoulder: nobody promises that it hears of everything.</summary>
[Alias("simulation.ILedgerObserver")]
internal interface ILedgerObserver : IGrainObserver
{
    [Alias("Entered"), OneWay]
    Task EnteredAsync(int line);
}

/// <inheritdoc cref="ILedgerGrain"/>
[Alias("simulation_ledger")]
internal sealed class LedgerGrain([PersistentState("ledger", DaskStorage.Name)] IPersistentState<Ledger> state, TimeProvider time) : Grain, ILedgerGrain
{
    private readonly List<ILedgerObserver> _watchers = [];

    public Task WatchAsync(ILedgerObserver observer)
    {
        _watchers.Add(observer);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<int> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var line in await ReadAsync())
        {
            yield return line;
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }
    }

    public async Task EnterAsync(int line)
    {
        if (state.State.Lines.Contains(line))
        {
            return;
        }

        state.State.Lines.Add(line);
        try
        {
            await state.WriteStateAsync();
            foreach (var watcher in _watchers)
            {
                await watcher.EnteredAsync(line);
            }
        }
        catch (Exception)
        {
            // What is in memory is no longer what is stored: the next call begins from there.
            DeactivateOnIdle();
            state.State.Lines.Remove(line);
            throw;
        }
    }

    public async Task<int[]> ReadAsync()
    {
        // Another activation may have written, as long as membership is unsettled.
        await state.ReadStateAsync();
        return [.. state.State.Lines];
    }
}

/// <summary>What it keeps.</summary>
[GenerateSerializer, Alias("simulation.Ledger")]
internal sealed class Ledger
{
    [Id(0)] public List<int> Lines { get; set; } = [];
}

/// <summary>Whatever was acknowledged is stored, once, through crashes, full disks and second activations.</summary>
internal sealed class StorageWorkload : Workload
{
    // Held here: who is only referred to from afar is collected.
    private readonly Watcher _watcher = new();

    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        var ledgers = Enumerable.Range(0, random.Next(1, 4))
            .Select(i => client.Connection.GetGrain<ILedgerGrain>(string.Create(CultureInfo.InvariantCulture, $"{client.Process.Name}-{i}"))).ToArray();
        var entered = ledgers.ToDictionary(ledger => ledger, _ => new List<int>());
        var watcher = client.Connection.CreateObjectReference<ILedgerObserver>(_watcher);
        for (var line = 0; line < 30; line++)
        {
            var ledger = random.Pick(ledgers);
            await ClusterCall.UntilDoneAsync(client, async () =>
            {
                await ledger.EnterAsync(line);
                return true;
            });
            entered[ledger].Add(line);
            if (random.Chance(0.1))
            {
                await ClusterCall.UntilDoneAsync(client, async () =>
                {
                    await ledger.WatchAsync(watcher);
                    return true;
                });
            }

            if (random.Chance(0.3))
            {
                await CheckAsync(client, ledger, entered[ledger], bit: true);
            }

            if (random.Chance(0.2))
            {
                await PauseAsync(client, random);
            }
        }

        foreach (var ledger in ledgers)
        {
            await CheckAsync(client, ledger, entered[ledger], random.Chance(0.5));
        }

        Same("", string.Join(' ', _watcher.Heard.Except(entered.Values.SelectMany(lines => lines))), "what an observer heard and nobody entered");
    }

    /// <param name="client">Who reads.</param>
    /// <param name="ledger">What.</param>
    /// <param name="entered">What has to stand there.</param>
    /// <param name="bit">Read line by line; from the beginning again when the sequence ends before its time.</param>
    private static async Task CheckAsync(SimClient client, ILedgerGrain ledger, List<int> entered, bool bit)
    {
        var lines = await ClusterCall.UntilDoneAsync<int[]>(client, bit ? () => BitByBitAsync(ledger) : ledger.ReadAsync);
        Same(string.Join(' ', entered), string.Join(' ', lines), "the ledger");
    }

    private static async Task<int[]> BitByBitAsync(ILedgerGrain ledger)
    {
        var lines = new List<int>();
        await foreach (var line in ledger.LinesAsync())
        {
            lines.Add(line);
        }

        return [.. lines];
    }

    private sealed class Watcher : ILedgerObserver
    {
        public List<int> Heard { get; } = [];

        public Task EnteredAsync(int line)
        {
            Heard.Add(line);
            return Task.CompletedTask;
        }
    }
}
