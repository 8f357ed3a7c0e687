using Orleans.Dask.Simulation.Cluster;
using Orleans.Storage;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>Calls of a client's program to grains of its own, which may fail while something is wrong with the cluster.</summary>
internal static class ClusterCall
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    /// <summary>Errors that a caller has to reckon with: whether the call ran is not known.</summary>
    public static bool MayFailWith(Exception e) => e is TimeoutException or OrleansException or IOException or InconsistentStateException or OperationCanceledException;

    /// <summary>Calls again until it is done: all that went wrong is mended after a while.</summary>
    public static async Task<T> UntilDoneAsync<T>(SimClient client, Func<Task<T>> call, TimeSpan? each = null)
    {
        var began = client.Process.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call().WaitAsync(each ?? TimeSpan.FromSeconds(5), client.Process.Time);
            }
            catch (Exception e) when (MayFailWith(e) && client.Process.Time.GetElapsedTime(began) < s_patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), client.Process.Time);
            }
        }
    }

    /// <inheritdoc cref="UntilDoneAsync{T}"/>
    public static Task UntilDoneAsync(SimClient client, Func<Task> call, TimeSpan? each = null) => UntilDoneAsync(
        client,
        async () =>
        {
            await call();
            return true;
        },
        each);
}
