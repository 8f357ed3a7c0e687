using Orleans.Dask.Grains.Interfaces;
namespace Orleans.Dask.Simulation;

/// <summary>
/// Promises that failed and that nobody ever looked at: a loop that ended without a word. Known when the collector finds them, so only
/// after a run, and of all runs of the process together.
/// </summary>
internal static class Unobserved
{
    private static readonly Lock s_gate = new();
    private static readonly SortedDictionary<string, int> s_found = new(StringComparer.Ordinal);

    /// <summary>From now on they are noted.</summary>
    public static void Watch() => TaskScheduler.UnobservedTaskException += Note;

    /// <returns>What was found since the last time.</returns>
    public static IReadOnlyList<string> Take()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        lock (s_gate)
        {
            string[] found = [.. s_found.Select(f => $"Nobody observed ({f.Value} times): {f.Key}")];
            s_found.Clear();
            return found;
        }
    }

    private static void Note(object? sender, UnobservedTaskExceptionEventArgs unobserved)
    {
        lock (s_gate)
        {
            foreach (var error in unobserved.Exception.Flatten().InnerExceptions.Where(error => !IsExpected(error)))
            {
                var text = error.ToString();
                s_found[text] = s_found.GetValueOrDefault(text) + 1;
            }
        }
    }

    // Who gives a call up, by a deadline of its own or by dying, hears no more of how it ended: that the value it asked for has gone meanwhile, for one.
    private static bool IsExpected(Exception error) => error is GraphException or OrleansException or TimeoutException or OperationCanceledException or IOException or ObjectDisposedException;
}
