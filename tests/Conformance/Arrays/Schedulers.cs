namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Every scheduler there is.</summary>
internal static class Schedulers
{
    public static IReadOnlyList<string> Names => ["synchronous", "threads"];

    public static IGraphScheduler Open(string name) => name == "synchronous" ? new SynchronousScheduler() : new ThreadsScheduler(2);
}
