using Orleans.Placement;

namespace Orleans.Dask.Grains.Placement;

/// <summary>A grain of a value is activated where the value is.</summary>
[GenerateSerializer, Immutable, Alias("dask.DataLocalPlacement")]
internal sealed class DataLocalPlacement : PlacementStrategy;

/// <inheritdoc cref="DataLocalPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class DataLocalPlacementAttribute() : PlacementAttribute(new DataLocalPlacement());

/// <summary>A worker's grain is activated on the silo that its key names, or nowhere.</summary>
[GenerateSerializer, Immutable, Alias("dask.WorkerPlacement")]
internal sealed class WorkerPlacement : PlacementStrategy;

/// <inheritdoc cref="WorkerPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WorkerPlacementAttribute() : PlacementAttribute(new WorkerPlacement());
