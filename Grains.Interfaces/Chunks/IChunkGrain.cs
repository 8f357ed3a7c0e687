using Orleans.Concurrency;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// A value as a virtual actor: it always exists. Its key is <c>session/layer[index]</c>; it is activated where its value is,
/// and can be asked by anyone at any time. The bytes live in the silo's chunk store, never in the activation.
/// </summary>
[Alias("dask.IChunkGrain")]
public interface IChunkGrain : IGrainWithStringKey
{
    /// <summary>Where the value is, and how large. Does not wait.</summary>
    [Alias("Describe"), AlwaysInterleave]
    Task<ValueState> DescribeAsync();

    /// <summary>
    /// A piece of the value. Where it is gone and can be made again, its scheduler is asked to, and the call waits up to 8 s
    /// for it; null: not yet, ask again.
    /// </summary>
    /// <exception cref="TaskFailedException">The task that makes it threw.</exception>
    [Alias("Read"), AlwaysInterleave]
    Task<ValuePiece?> ReadAsync(long offset, string? readerProcess);
}

/// <summary>A chunk that has a recipe: lost, it can be made again.</summary>
[Alias("dask.ITaskGrain")]
public interface ITaskGrain : IChunkGrain
{
    /// <summary>Asks that the value be made, if it is not there. Answers at once.</summary>
    [Alias("Ensure"), AlwaysInterleave]
    Task<ValueState> EnsureAsync();
}
