using Orleans.Dask.Grains.Execution;

namespace Orleans.Dask.Grains.Tests.Storage;

/// <summary>Runs everything at once, on the thread that asks: for parts that need an executor and no threads.</summary>
internal sealed class InlineExecutor : IExecutor
{
    public int Slots => 1;

    public void Post(IReadOnlyList<ExecutorWork> works)
    {
        foreach (var work in works)
        {
            work.Run();
        }
    }

    public void Post(ExecutorWork work) => work.Run();

    public void PostAside(ExecutorWork work) => work.Run();

    public void Resume(SendOrPostCallback callback, object? state) => callback(state);
}
