using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>A user's reduction as a tree.</summary>
internal static class CustomReduction
{
    public static Recipe Lower<T, TResult>(Recipe input, Func<NDArray<T>, int[], NDArray<TResult>> chunk, Func<NDArray<TResult>, int[], NDArray<TResult>> aggregate, int[] axes, bool keepDims, int splitEvery)
        where T : unmanaged
        where TResult : unmanaged
    {
        var source = input.Materialize();
        var token = ArrayToken.Unique();
        var name = "reduction-chunk-" + token;
        var each = new KernelFunction("reduction", arguments => new NDArray[] { chunk((NDArray<T>)arguments[0]!, axes) });
        var graph = source.Graph.With(new BlockLayer(name, source.Grid.Count, [source.Layer], i => new CallNode(new TaskKey(name, i), each, source.Key(i))));
        return ReduceLayers.Tree(input, name, graph, false, new CustomReducer<TResult>(aggregate, axes), axes, keepDims, splitEvery, "reduction", token);
    }
}

/// <summary>Joins parts with a user's function.</summary>
internal sealed unsafe class CustomReducer<T>(Func<NDArray<T>, int[], NDArray<T>> aggregate, int[] axes) : Reducer
    where T : unmanaged
{
    public override bool Lends => false;

    public override DType Input => DTypes.Of<T>();

    public override DType Result => DTypes.Of<T>();

    public override NDArray[] Start(int[] shape) => throw new NotSupportedException("A user's reduction works by block.");

    public override void Fold(byte* tile, byte** parts, long offset, int rows, int columns, long rowStep, long columnStep) =>
        throw new NotSupportedException("A user's reduction works by block.");

    public override void Merge(NDArray[] into, NDArray[] from)
    {
        // Two answers side by side along a reduced axis, reduced again.
        var axis = axes.Length > 0 ? axes[0] : 0;
        int[] shape = [.. into[0].Dimensions];
        shape[axis] = 2;
        var both = new NDArray<T>(shape);
        AxisIndex[] Half(int i) => [.. shape.Select((l, a) => a == axis ? new AxisIndex(i, 1, 1) : AxisIndex.Whole(l))];
        Scatter.Into(both, Half(0), into[0]);
        Scatter.Into(both, Half(1), from[0]);
        into[0] = aggregate(both, [axis]);
    }

    public override NDArray Finish(NDArray[] parts) => parts[0];
}
