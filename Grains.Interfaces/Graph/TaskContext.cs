namespace Orleans.Dask.Grains.Interfaces;

/// <summary>What a running task may know of itself.</summary>
/// <param name="Key">The value it makes.</param>
/// <param name="Attempt">From 1; a task that is run again after a loss counts on.</param>
/// <param name="CancellationToken">Set when nobody wants the value any more, or the silo stops.</param>
public readonly record struct TaskContext(TaskKey Key, int Attempt, CancellationToken CancellationToken);
