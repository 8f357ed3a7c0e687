namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Calls that were made ahead, and that nobody waits for any more since an earlier one failed.</summary>
internal static class GivenUp
{
    /// <summary>Looks at how each ends, so that a failure is not told of as one that nobody ever looked at.</summary>
    public static void Observe(IEnumerable<Task> calls)
    {
        foreach (var call in calls)
        {
            _ = ObserveAsync(call);
        }
    }

    private static async Task ObserveAsync(Task call) => await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
