using Orleans.Dask.Grains.Execution;

namespace Orleans.Dask.Grains.Tests.Storage;

/// <summary>Runs what it was given when a test says so.</summary>
internal sealed class WaitingExecutor : IExecutor
{
    private readonly Queue<Action> _works = new();

    public int Slots => 1;

    public void RunAll()
    {
        while (_works.TryDequeue(out var work))
        {
            work();
        }
    }

    public void Post(IReadOnlyList<ExecutorWork> works)
    {
        foreach (var work in works)
        {
            _works.Enqueue(work.Run);
        }
    }

    public void Post(ExecutorWork work) => _works.Enqueue(work.Run);

    public void PostAside(ExecutorWork work) => _works.Enqueue(work.Run);

    public void Resume(SendOrPostCallback callback, object? state) => _works.Enqueue(() => callback(state));
}
