using System.Globalization;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;
using Orleans.Storage;

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
}

/// <inheritdoc cref="ILedgerGrain"/>
[Alias("simulation_ledger")]
internal sealed class LedgerGrain([PersistentState("ledger", DaskStorage.Name)] IPersistentState<Ledger> state) : Grain, ILedgerGrain
{
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
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        var ledgers = Enumerable.Range(0, random.Next(1, 4))
            .Select(i => client.Connection.GetGrain<ILedgerGrain>(string.Create(CultureInfo.InvariantCulture, $"{client.Process.Name}-{i}"))).ToArray();
        var entered = ledgers.ToDictionary(ledger => ledger, _ => new List<int>());
        for (var line = 0; line < 30; line++)
        {
            var ledger = random.Pick(ledgers);
            await UntilDoneAsync(client, async () =>
            {
                await ledger.EnterAsync(line);
                return true;
            });
            entered[ledger].Add(line);
            if (random.Chance(0.2))
            {
                await PauseAsync(client, random);
            }
        }

        foreach (var ledger in ledgers)
        {
            var lines = await UntilDoneAsync(client, ledger.ReadAsync);
            Same(string.Join(' ', entered[ledger]), string.Join(' ', lines), "the ledger");
        }
    }

    private static async Task<T> UntilDoneAsync<T>(SimClient client, Func<Task<T>> call)
    {
        var began = client.Process.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call().WaitAsync(TimeSpan.FromSeconds(5), client.Process.Time);
            }
            catch (Exception e) when (e is TimeoutException or OrleansException or IOException or InconsistentStateException
                && client.Process.Time.GetElapsedTime(began) < s_patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), client.Process.Time);
            }
        }
    }
}
