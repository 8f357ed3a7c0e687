using System.Runtime.CompilerServices;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// A lazy, chunked, n-dimensional array: shape, chunks, type and a recipe, never data. Operations are NumPy's and give
/// new arrays at once; errors of shapes and types come at the call. <see cref="ComputeAsync(IGraphScheduler, CancellationToken)"/>
/// runs the tasks.
/// </summary>
/// <typeparam name="T">bool, an integer of 1 to 8 bytes, Half, float, double or Complex.</typeparam>
[PayloadCodec(typeof(ArrayLeftBehindCodec<>))]
public class DaskArray<T> : DaskArray
    where T : unmanaged
{
    internal DaskArray(Recipe recipe)
        : base(recipe)
    {
        if (recipe.Type != DTypes.Of<T>())
        {
            throw new DTypeException($"Elements are {recipe.Type.Name()}, not {DTypes.Of<T>().Name()}. Convert with AsType.");
        }
    }

    /// <summary>Part of the array: positions, slices (also with negative steps), new axes, an ellipsis, lists of positions, masks of one axis. Lists select along their own axis.</summary>
    /// <exception cref="ArrayIndexException">Too many items, a position outside, or a mask of another length.</exception>
    [OverloadResolutionPriority(1)]
    public DaskArray<T> this[params ReadOnlySpan<IndexItem> items] => new(Selection.Basic(Recipe, items));

    /// <summary>The elements where the mask is true, in row-major order; or, for a mask of one axis, the entries along axis 0. How many is known only when computed.</summary>
    public DaskArray<T> this[DaskArray<bool> mask] => new(MaskSelection.Select(Recipe, (mask ?? throw new ArgumentNullException(nameof(mask))).Recipe));

    /// <summary>The entries along axis 0 at computed positions; negative counts from the end.</summary>
    public DaskArray<T> this[DaskArray<long> positions] => new(PositionSelection.Select(Recipe, (positions ?? throw new ArgumentNullException(nameof(positions))).Recipe));

    /// <summary>A number as an array without axes.</summary>
    public static implicit operator DaskArray<T>(T value) => new(Element.Scalar(DTypes.Of<T>(), value));

    /// <summary>Runs the tasks and brings the array here.</summary>
    /// <param name="scheduler">Where; null: the open client, else this process (<see cref="DaskScheduler.Default"/>).</param>
    /// <param name="cancellationToken">Stops what is not begun.</param>
    public async Task<NDArray<T>> ComputeAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        var source = Source;
        var blocks = await (scheduler ?? DaskScheduler.Default).ComputeAsync<NDArray<T>>(source.Graph, [.. Keys()], cancellationToken);
        return (NDArray<T>)Assembly.Join(source.Grid, blocks);
    }

    /// <summary>Runs the tasks and keeps the chunks where they are made; the array returned has them at hand.</summary>
    /// <inheritdoc cref="ComputeAsync"/>
    public async Task<DaskArray<T>> PersistAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        var source = Source;
        var kept = await (scheduler ?? DaskScheduler.Default).PersistAsync(source.Graph, [.. Keys()], cancellationToken);
        return Of(source, kept);
    }

    /// <summary>Holds on to persisted values for as long as the array is there.</summary>
    internal PersistedGraph? Kept { get; private init; }

    /// <summary>An array whose blocks are kept.</summary>
    internal static DaskArray<T> Of(SourceRecipe source, PersistedGraph kept) => new(new SourceRecipe(source.Type, source.Chunks, source.Layer, kept.Graph)) { Kept = kept };

    /// <summary>Learns the chunk sizes that are not known yet, by computing the chunks' shapes.</summary>
    /// <returns>This array with every size known.</returns>
    public async Task<DaskArray<T>> ComputeChunkSizesAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default) =>
        new(await ChunkSizes.LearnAsync(Source, scheduler ?? DaskScheduler.Default, cancellationToken));
}

/// <summary>A lazy single value: what a reduction over all axes gives. It is an array without axes, and computes to a plain value.</summary>
/// <typeparam name="T">Its type.</typeparam>
public sealed class DaskScalar<T> : DaskArray<T>
    where T : unmanaged
{
    internal DaskScalar(Recipe recipe)
        : base(recipe)
    {
    }

    /// <summary>Runs the tasks and brings the value here.</summary>
    /// <param name="scheduler">Where; null: the open client, else this process.</param>
    /// <param name="cancellationToken">Stops what is not begun.</param>
    public new async Task<T> ComputeAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default) =>
        (await base.ComputeAsync(scheduler, cancellationToken)).ToScalar();
}
