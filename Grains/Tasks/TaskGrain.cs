using Orleans.Concurrency;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;

namespace Orleans.Dask.Grains.Tasks;

/// <summary>A value with a recipe. It never runs the task: it asks its scheduler to have it run.</summary>
[Reentrant, DataLocalPlacement]
internal sealed class TaskGrain(WorkerCore core) : ValueGrain(core), ITaskGrain
{
    public async Task<ValueState> EnsureAsync() => Here() ?? await Scheduler.EnsureAsync(Key).WaitAsync(Deadline, Time);
}
