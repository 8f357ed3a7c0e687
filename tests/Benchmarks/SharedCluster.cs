using Orleans.Dask.Silo;

namespace Orleans.Dask.Benchmarks;

/// <summary>
/// The cluster that scenarios of a kind run on one after another: two silos of one slot. It is never the default scheduler,
/// lest other scenarios run on it, and ends when the other kind is asked for, or with this program.
/// </summary>
public static class SharedCluster
{
    private static LocalCluster? s_cluster;
    private static bool s_processes;

    /// <summary>The cluster with its silos in processes of their own, or in this one.</summary>
    public static async Task<LocalCluster> GetAsync(bool processes)
    {
        if (s_cluster is null || s_processes != processes)
        {
            await EndAsync();
            s_processes = processes;
            s_cluster = await LocalCluster.StartAsync(new LocalClusterOptions
            {
                Silos = 2,
                Slots = 1,
                Processes = processes,
                Client = new DaskClientOptions { IsDefault = false },
            });
        }

        return s_cluster;
    }

    /// <summary>Ends it, leaving no process.</summary>
    public static async Task EndAsync()
    {
        if (s_cluster is not null)
        {
            await s_cluster.DisposeAsync();
            s_cluster = null;
        }
    }

    /// <summary>Calls of <see cref="CountedCalls"/> so far in all processes of the cluster: one count from each silo, taken where a value of that silo lies.</summary>
    public static async Task<long> CallsAsync(LocalCluster cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (!s_processes)
        {
            return CountedCalls.Total;
        }

        var counts = new Dictionary<int, long>();
        foreach (var worker in cluster.Client.Workers)
        {
            using var there = await cluster.Client.ScatterAsync(new byte[100_000], [worker.Address]);
            using var count = cluster.Client.Submit(CountHere, there);
            var (process, calls) = await count;
            counts[process] = calls;
        }

        return counts.Count == cluster.Client.Workers.Count ? counts.Values.Sum()
            : throw new InvalidOperationException($"Counts came from {counts.Count} silos, expected {cluster.Client.Workers.Count}: a task did not run where its value lies.");
    }

    private static (int Process, long Calls) CountHere(byte[] there) => (Environment.ProcessId, CountedCalls.Total);
}
