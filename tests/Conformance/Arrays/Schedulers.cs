using Orleans.Dask.Silo;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Every scheduler there is.</summary>
internal static class Schedulers
{
    public static IReadOnlyList<string> Names => ["synchronous", "threads", "cluster"];

    /// <summary>A scheduler, and what must be ended after it.</summary>
    public static async Task<(IGraphScheduler Scheduler, IAsyncDisposable? Host)> OpenAsync(string name)
    {
        if (name != "cluster")
        {
            return (name == "synchronous" ? new SynchronousScheduler() : new ThreadsScheduler(2), null);
        }

        var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 2, Slots = 1, Client = new DaskClientOptions { IsDefault = false } });
        return (cluster.Client, cluster);
    }
}
