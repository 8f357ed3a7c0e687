using Orleans.Concurrency;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Placement;

namespace Orleans.Dask.Grains.Tasks;

/// <summary>A value without a recipe: lost with all its holders, it says so.</summary>
[Reentrant, DataLocalPlacement]
internal sealed class ChunkGrain(WorkerCore core) : ValueGrain(core);
