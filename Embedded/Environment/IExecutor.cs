namespace Orleans.Embedded;

/// <summary>Runs work that blocks, such as an fsync, away from turns.</summary>
internal interface IExecutor
{
    Task<T> RunAsync<T>(Func<T> work);
}

/// <summary>Blocking work on pool threads.</summary>
internal sealed class PoolExecutor : IExecutor
{
    public static readonly PoolExecutor Instance = new();

    public Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
