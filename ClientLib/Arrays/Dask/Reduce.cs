namespace Orleans.Dask.Arrays;

/// <summary>Reductions as users call them.</summary>
internal static class Reduce
{
    public static DaskScalar<T> Scalar<T>(string label, Recipe input, Reducer reducer)
        where T : unmanaged
    {
        Check(label, input, [.. Enumerable.Range(0, input.Rank)]);
        return new DaskScalar<T>(ReduceLayers.Lower(input, reducer, [.. Enumerable.Range(0, input.Rank)], keepDims: false, ReduceLayers.DefaultSplitEvery, label));
    }

    public static DaskArray<T> Along<T>(string label, Recipe input, Reducer reducer, Axes axis, bool keepDims, int splitEvery)
        where T : unmanaged
    {
        var axes = axis.Resolve(input.Rank);
        Check(label, input, axes);
        return splitEvery >= 2
            ? new DaskArray<T>(ReduceLayers.Lower(input, reducer, axes, keepDims, splitEvery, label))
            : throw new ArrayException($"splitEvery is {splitEvery}, but one task must combine at least 2 chunks. Pass 2 or more.");
    }

    /// <summary>Extremes of nothing don't exist.</summary>
    private static void Check(string label, Recipe input, int[] axes)
    {
        if (label is "min" or "max" && Array.Exists(axes, a => input.Shape[a] == 0) && input.Rank > 0 && !HasNoCells(input, axes))
        {
            throw new ArrayException($"There is no {label} of no elements: shape {Strided.Text(input.Shape)} is empty along the reduced axes.");
        }
    }

    private static bool HasNoCells(Recipe input, int[] axes) =>
        Enumerable.Range(0, input.Rank).Any(a => !axes.Contains(a) && input.Shape[a] == 0);
}
