using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Arrays after the model of others, from lazy values, and by blocks.</summary>
public abstract partial class DaskArray
{
    /// <summary>An array whose elements don't matter yet. Here they are zeros: a lazy array has no memory to leave as it is.</summary>
    public static DaskArray<T> Empty<T>(Shape shape, ChunkSpec chunks = default)
        where T : unmanaged => Zeros<T>(shape, chunks);

    /// <summary>One value everywhere, in the shape and chunks of another array.</summary>
    public static DaskArray<T> FullLike<T>(DaskArray array, T value)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(Element.Constant(DTypes.Of<T>(), value, array.Recipe.Chunks));
    }

    /// <summary>Zeros, in the shape and chunks of another array.</summary>
    public static DaskArray<T> ZerosLike<T>(DaskArray<T> array)
        where T : unmanaged => FullLike(array, default(T));

    /// <summary>Ones, in the shape and chunks of another array.</summary>
    public static DaskArray<T> OnesLike<T>(DaskArray<T> array)
        where T : unmanaged => FullLike(array, (T)Constants.Convert(1, DTypes.Of<T>()));

    /// <summary>As <see cref="Empty{T}"/>, in the shape and chunks of another array.</summary>
    public static DaskArray<T> EmptyLike<T>(DaskArray<T> array)
        where T : unmanaged => ZerosLike(array);

    /// <summary>Evenly spaced values, and how far apart they are.</summary>
    /// <inheritdoc cref="Linspace(double, double, long, bool, ChunkSpec)"/>
    public static (DaskArray<double> Values, double Step) LinspaceStep(double start, double stop, long num = 50, bool endpoint = true, ChunkSpec chunks = default)
    {
        var steps = endpoint ? num - 1 : num;
        return (Linspace(start, stop, num, endpoint, chunks), steps > 0 ? (stop - start) / steps : double.NaN);
    }

    /// <summary>A lazy value as an array of one chunk.</summary>
    /// <param name="value">An array of this shape, once it is computed; otherwise the computation fails.</param>
    /// <param name="shape">Its shape.</param>
    public static DaskArray<T> FromDelayed<T>(Delayed<NDArray<T>> value, Shape shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(value);
        var lengths = shape.Checked();
        var name = $"from-delayed-{ArrayToken.Of(value.Key.Layer, value.Key.Index, lengths, DTypes.Of<T>())}";
        var graph = Delayed.ToGraph(value);
        var check = new StageFunction("from-delayed", static (values, shape) => values[0] is NDArray<T> array && array.Dimensions.Select(d => (long)d).SequenceEqual(shape) ? array
            : throw new ShapeException($"The delayed value is {(values[0] is NDArray found ? $"an array of {found.DType.Name()} with shape {Strided.Text(found.Dimensions)}" : $"a {values[0]?.GetType().Name ?? "null"}")}, expected {DTypes.Of<T>().Name()} with shape {Strided.Text(shape)}. Pass its own shape to FromDelayed."));
        var layer = new BlockLayer(name, 1, [value.Key.Layer], i => new CallNode(new TaskKey(name, i), check, [value.Key], [lengths, new InputList(0, 1)]));
        return new(new SourceRecipe(DTypes.Of<T>(), Array.ConvertAll(lengths, l => new[] { l }), name, graph.With(layer)));
    }

    /// <summary>An array whose blocks a function makes, each when it is needed: from whatever can be read in pieces.</summary>
    /// <param name="read">Takes the first element of the block and its shape, gives the block.</param>
    /// <param name="shape">Of the array.</param>
    /// <param name="chunks">How it is cut.</param>
    public static DaskArray<T> FromBlocks<T>(Func<long[], int[], NDArray<T>> read, Shape shape, ChunkSpec chunks = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(read);
        var cut = chunks.Resolve(shape.Checked(), DTypes.Of<T>());
        var grid = new BlockGrid(cut);
        var name = $"from-blocks-{ArrayToken.Unique()}";
        var function = Reading(read);
        var layer = new BlockLayer(name, grid.Count, [], i =>
        {
            var position = grid.Position(i);
            return new CallNode(new TaskKey(name, i), function, [], [grid.Origin(position), grid.Shape(position)]);
        });
        return new(new SourceRecipe(DTypes.Of<T>(), cut, name, TaskGraph.Empty.With(layer)));
    }

    /// <summary>The arrays with chunks that agree: wherever one of them is cut along an axis, the others of that length are cut too. Axes are aligned at the last.</summary>
    public static IReadOnlyList<DaskArray<T>> UnifyChunks<T>(params IReadOnlyList<DaskArray<T>> arrays)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(arrays);
        if (arrays.Count == 0)
        {
            return [];
        }

        var (_, chunks) = Element.Align([.. arrays.Select(a => a.Recipe)]);
        return [.. arrays.Select(a => new DaskArray<T>(Orleans.Dask.Arrays.Rechunk.To(a.Recipe, [.. a.Recipe.Chunks.Select((c, axis) => a.Recipe.Shape[axis] == 1 ? c : chunks[axis + chunks.Length - a.Rank])])))];
    }

    private static KernelFunction Reading<T>(Func<long[], int[], NDArray<T>> read)
        where T : unmanaged => new("from-blocks", arguments =>
        {
            var block = read((long[])arguments[0]!, (int[])arguments[1]!);
            return block.Dimensions.AsSpan().SequenceEqual((int[])arguments[1]!) ? block
                : throw new ShapeException($"The block at {Strided.Text((long[])arguments[0]!)} was read with shape {Strided.Text(block.Dimensions)}, expected {Strided.Text((int[])arguments[1]!)}. Give all of it.");
        });
}
