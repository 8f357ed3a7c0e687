using System.Numerics;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Makes arrays.</summary>
public abstract partial class DaskArray
{
    /// <summary>Random arrays: the same numbers for the same seed, whatever the chunks.</summary>
    public static RandomArrays Random { get; } = new();

    /// <summary>An array in memory, cut into chunks; they are views of it, so it must not change any more.</summary>
    /// <param name="array">The values.</param>
    /// <param name="chunks">How to cut; chosen by size when left out.</param>
    public static DaskArray<T> FromArray<T>(NDArray<T> array, ChunkSpec chunks = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return new DaskArray<T>(FromMemory(array, chunks.Resolve(Array.ConvertAll(array.Dimensions, d => (long)d), array.DType)));
    }

    /// <inheritdoc cref="FromArray{T}(NDArray{T}, ChunkSpec)"/>
    public static DaskArray<T> FromArray<T>(T[] values, ChunkSpec chunks = default)
        where T : unmanaged => FromArray((NDArray<T>)(values ?? throw new ArgumentNullException(nameof(values))), chunks);

    /// <summary>One value everywhere.</summary>
    public static DaskArray<T> Full<T>(Shape shape, T value, ChunkSpec chunks = default)
        where T : unmanaged => new(Element.Constant(DTypes.Of<T>(), value, chunks.Resolve(shape.Checked(), DTypes.Of<T>())));

    /// <summary>Zero (false) everywhere.</summary>
    public static DaskArray<T> Zeros<T>(Shape shape, ChunkSpec chunks = default)
        where T : unmanaged => Full(shape, default(T), chunks);

    /// <summary>Zeros of double.</summary>
    public static DaskArray<double> Zeros(Shape shape, ChunkSpec chunks = default) => Zeros<double>(shape, chunks);

    /// <summary>One (true) everywhere.</summary>
    public static DaskArray<T> Ones<T>(Shape shape, ChunkSpec chunks = default)
        where T : unmanaged => Full(shape, (T)Constants.Convert(1, DTypes.Of<T>()), chunks);

    /// <summary>Ones of double.</summary>
    public static DaskArray<double> Ones(Shape shape, ChunkSpec chunks = default) => Ones<double>(shape, chunks);

    /// <summary><paramref name="start"/>, start + step, … before <paramref name="stop"/>.</summary>
    public static DaskArray<T> Arange<T>(T start, T stop, T step, ChunkSpec chunks = default)
        where T : unmanaged, INumber<T>
    {
        if (T.IsZero(step))
        {
            throw new ArrayException("A range with step 0 never ends. Pass another step.");
        }

        var span = double.CreateTruncating(stop) - double.CreateTruncating(start);
        var steps = Math.Ceiling(span / double.CreateTruncating(step));
        var length = steps < 1e18 ? Math.Max(0, (long)steps)
            : throw new ArrayException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"A range from {start} to {stop} by {step} has {steps} values, more than can be counted. Pass ends that are nearer."));
        return new DaskArray<T>(Element.Source(new RangeSource<T>(start, step), chunks.Resolve([length], DTypes.Of<T>())));
    }

    /// <summary>0, 1, …, <paramref name="stop"/> - 1.</summary>
    public static DaskArray<T> Arange<T>(T stop, ChunkSpec chunks = default)
        where T : unmanaged, INumber<T> => Arange(T.Zero, stop, T.One, chunks);

    /// <summary>Evenly spaced values from <paramref name="start"/> to <paramref name="stop"/>, which is the last one if <paramref name="endpoint"/>.</summary>
    public static DaskArray<double> Linspace(double start, double stop, long num = 50, bool endpoint = true, ChunkSpec chunks = default)
    {
        if (num < 0)
        {
            throw new ArrayException($"{num} values can't be made. Pass 0 or more.");
        }

        var steps = endpoint ? num - 1 : num;
        return new DaskArray<double>(Element.Source(new LinspaceSource(start, stop, steps), chunks.Resolve([num], DType.Float64)));
    }

    /// <summary>A function of the position, element by element: <c>FromFunction((i, j) => i + j, (4, 3))</c>.</summary>
    /// <param name="function">Of one index per axis.</param>
    /// <param name="shape">One axis.</param>
    /// <param name="chunks">How to cut.</param>
    public static DaskArray<T> FromFunction<T>(Func<long, T> function, long shape, ChunkSpec chunks = default)
        where T : unmanaged => new(Element.Source(new FunctionSource<T>(function ?? throw new ArgumentNullException(nameof(function)), ArrayToken.Unique()), chunks.Resolve([shape], DTypes.Of<T>())));

    /// <inheritdoc cref="FromFunction{T}(Func{long, T}, long, ChunkSpec)"/>
    public static DaskArray<T> FromFunction<T>(Func<long, long, T> function, (long Rows, long Columns) shape, ChunkSpec chunks = default)
        where T : unmanaged => new(Element.Source(new FunctionSource2<T>(function ?? throw new ArgumentNullException(nameof(function)), ArrayToken.Unique()), chunks.Resolve([shape.Rows, shape.Columns], DTypes.Of<T>())));

    /// <inheritdoc cref="FromFunction{T}(Func{long, T}, long, ChunkSpec)"/>
    public static DaskArray<T> FromFunction<T>(Func<long[], T> function, Shape shape, ChunkSpec chunks = default)
        where T : unmanaged => new(Element.Source(new FunctionSourceN<T>(function ?? throw new ArgumentNullException(nameof(function)), ArrayToken.Unique()), chunks.Resolve(shape.Checked(), DTypes.Of<T>())));

    /// <summary>The position along one axis, for every element of a shape.</summary>
    internal static Recipe Iota(int axis, long[][] chunks) => Element.Source(new AxisPositionSource(axis), chunks);

    internal static SourceRecipe FromMemory(NDArray array, long[][] chunks)
    {
        var name = "array-" + ArrayToken.Of(ArrayToken.OfData(array), chunks);
        var grid = new BlockGrid(chunks);
        var layer = new BlockLayer(name, grid.Count, [], index =>
        {
            var position = grid.Position(index);
            var origin = grid.Origin(position);
            return new DataNode(new TaskKey(name, index), Indexer.Take(array, [.. grid.Shape(position).Select((length, axis) => new AxisIndex(origin[axis], 1, length))]));
        });
        return new SourceRecipe(array.DType, chunks, name, TaskGraph.Empty.With(layer));
    }
}
