using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>A lazy, chunked array some of whose elements are hidden (numpy.ma): values, and a mask that is true where one does not count.</summary>
/// <typeparam name="T">As of <see cref="DaskArray{T}"/>.</typeparam>
public sealed class DaskMaskedArray<T>
    where T : unmanaged
{
    private readonly DaskArray<T> _data;
    private readonly DaskArray<bool> _mask;

    internal DaskMaskedArray(Recipe data, Recipe mask, T? fillValue)
    {
        _data = new DaskArray<T>(data);
        _mask = new DaskArray<bool>(Masks.Fit(mask, data));
        FillValue = fillValue ?? (T)Masks.DefaultFill(data.Type);
    }

    /// <summary>What <see cref="Filled(T?)"/> puts in place of what is hidden: numpy.ma's default of the type unless another was set.</summary>
    public T FillValue { get; }

    /// <summary>Type of the elements.</summary>
    public DType DType => _data.DType;

    /// <summary>Length of each axis; -1 where it is not known yet.</summary>
    public IReadOnlyList<long> Shape => _data.Shape;

    /// <summary>Per axis the lengths of its chunks.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Chunks => _data.Chunks;

    /// <summary>Number of axes.</summary>
    public int Rank => _data.Rank;

    /// <summary>This part of values and mask alike; see the indexer of <see cref="DaskArray{T}"/>.</summary>
    /// <exception cref="ArrayIndexException">Too many items, a position outside, or a mask of another length.</exception>
    public DaskMaskedArray<T> this[params ReadOnlySpan<IndexItem> items] => new(Selection.Basic(Data, items), Selection.Basic(Mask, items), FillValue);

    internal Recipe Data => _data.Recipe;

    internal Recipe Mask => _mask.Recipe;

    /// <summary>A plain array, nothing of it hidden.</summary>
    public static implicit operator DaskMaskedArray<T>(DaskArray<T> array) =>
        new((array ?? throw new ArgumentNullException(nameof(array))).Recipe, Masks.None(array.Recipe), null);

    /// <summary>The values, hidden ones as they are.</summary>
    public DaskArray<T> GetData() => _data;

    /// <summary>True where an element is hidden.</summary>
    public DaskArray<bool> GetMaskArray() => _mask;

    /// <summary>The values, with one in place of the hidden ones.</summary>
    /// <param name="value">Which; left out: <see cref="FillValue"/>.</param>
    public DaskArray<T> Filled(T? value = null) => new(Masks.Filled(Data, Mask, value ?? FillValue));

    /// <summary>The same with another <see cref="FillValue"/>.</summary>
    public DaskMaskedArray<T> SetFillValue(T value) => new(Data, Mask, value);

    /// <summary>Hides more: where the condition is true.</summary>
    /// <exception cref="ShapeException">The condition does not repeat to this shape.</exception>
    public DaskMaskedArray<T> MaskedWhere(DaskArray<bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new(Data, Masks.Or(Mask, Masks.Fit(condition.Recipe, Data)), FillValue);
    }

    /// <summary>A function of each element, hidden ones stay hidden: <c>m.Apply(x => x.Sqrt())</c>.</summary>
    /// <param name="function">Of the values; it keeps their shape.</param>
    /// <exception cref="ShapeException">It does not.</exception>
    public DaskMaskedArray<TResult> Apply<TResult>(Func<DaskArray<T>, DaskArray<TResult>> function)
        where TResult : unmanaged
    {
        ArgumentNullException.ThrowIfNull(function);
        var result = function(_data) ?? throw new ArrayException("The function gave null. Return an array of the shape it got.");
        return result.Shape.SequenceEqual(Shape) ? new(result.Recipe, Mask, null)
            : throw new ShapeException($"The function made shape {Strided.Text([.. Shape])} into {Strided.Text([.. result.Shape])}, for which there is no mask. Return one value for each; reduce with Sum, Mean and their kin.");
    }

    /// <summary>With elements of another type.</summary>
    public DaskMaskedArray<TResult> AsType<TResult>()
        where TResult : unmanaged => new(Element.Cast(Data, DTypes.Of<TResult>()), Mask, null);

    /// <summary>The same elements in another shape; one length may be -1.</summary>
    /// <exception cref="ShapeException">So many elements do not fit it.</exception>
    public DaskMaskedArray<T> Reshape(Shape shape) => new(_data.Reshape(shape).Recipe, _mask.Reshape(shape).Recipe, FillValue);

    /// <summary>The same elements in other chunks.</summary>
    /// <exception cref="ChunkException">They do not add up to the shape.</exception>
    public DaskMaskedArray<T> Rechunk(ChunkSpec chunks) => new(_data.Rechunk(chunks).Recipe, _mask.Rechunk(chunks).Recipe, FillValue);

    /// <summary>The axes in another order; without one, reversed.</summary>
    /// <exception cref="AxisException">Not every axis once.</exception>
    public DaskMaskedArray<T> Transpose(params int[] axes) => new(_data.Transpose(axes).Recipe, _mask.Transpose(axes).Recipe, FillValue);

    /// <summary>One (true) everywhere, hidden where this is.</summary>
    public DaskMaskedArray<T> OnesLike() => Like(1);

    /// <summary>Zero (false) everywhere, hidden where this is.</summary>
    public DaskMaskedArray<T> ZerosLike() => Like(0);

    /// <summary>Any value everywhere (zero here), hidden where this is.</summary>
    public DaskMaskedArray<T> EmptyLike() => Like(0);

    /// <summary>Per axis the positions of what is neither hidden nor zero.</summary>
    public IReadOnlyList<DaskArray<long>> NonZero() => Filled(default(T)).NonZero();

    /// <summary>The elements that are not hidden, in row-major order; how many is known only when computed.</summary>
    public DaskArray<T> Compressed() => new(MaskSelection.Select(Data, Masks.Not(Mask)));

    /// <summary>Runs the tasks and brings values and mask here.</summary>
    /// <param name="scheduler">Where; null: the open client, else this process.</param>
    /// <param name="cancellationToken">Stops what is not begun.</param>
    /// <exception cref="TaskFailedException">A task threw; the inner exception is what it threw.</exception>
    public async Task<MaskedArray<T>> ComputeAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        var (data, mask) = (_data.Source, _mask.Source);
        var blocks = await (scheduler ?? DaskScheduler.Default).ComputeAsync<NDArray>(TaskGraph.Merge(data.Graph, mask.Graph), [.. _data.Keys(), .. _mask.Keys()], cancellationToken);
        var count = data.Grid.Count;
        return new MaskedArray<T>((NDArray<T>)Assembly.Join(data.Grid, blocks[..count]), (NDArray<bool>)Assembly.Join(mask.Grid, blocks[count..]), FillValue);
    }

    /// <summary>Runs the tasks, of values and mask as one graph, and keeps the chunks where they are made.</summary>
    /// <inheritdoc cref="ComputeAsync"/>
    public async Task<DaskMaskedArray<T>> PersistAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        var (data, mask) = (_data.Source, _mask.Source);
        var kept = await (scheduler ?? DaskScheduler.Default).PersistAsync(TaskGraph.Merge(data.Graph, mask.Graph), [.. _data.Keys(), .. _mask.Keys()], cancellationToken);
        return new DaskMaskedArray<T>(DaskArray<T>.Of(data, kept), DaskArray<bool>.Of(mask, kept), FillValue);
    }

    /// <summary>As an array shows itself, of its values.</summary>
    public override string ToString() => _data.ToString().Replace("dask.array<", "dask.masked_array<", StringComparison.Ordinal);

    // Persisted arrays hold on to their values: they are taken as they are.
    private DaskMaskedArray(DaskArray<T> data, DaskArray<bool> mask, T fillValue) => (_data, _mask, FillValue) = (data, mask, fillValue);

    private DaskMaskedArray<T> Like(double value) => new(Element.Constant(DType, Constants.Convert(value, DType), Data.Chunks), Mask, FillValue);
}
