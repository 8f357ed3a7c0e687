namespace Orleans.Dask.Arrays;

/// <summary>Reductions over what is not hidden: of arrays in which a neutral value stands in the other places.</summary>
internal static class MaskedReduce
{
    public static DaskMaskedArray<TResult> Along<T, TResult>(string label, DaskMaskedArray<T> array, Reducer reducer, double neutral, Axes axis, bool keepDims)
        where T : unmanaged
        where TResult : unmanaged
    {
        var filled = Masks.Filled(array.Data, array.Mask, Constants.Convert(neutral, array.DType));
        return new(Reduced(label, filled, reducer, axis, keepDims), AllHidden(array.Mask, axis, keepDims), null);
    }

    public static DaskMaskedArray<T> Extreme<T>(DaskMaskedArray<T> array, string label, Reducer reducer, bool greatest, Axes axis, bool keepDims)
        where T : unmanaged
    {
        var filled = Masks.Filled(array.Data, array.Mask, Masks.Extreme(array.DType, greatest));
        return new(Reduced(label, filled, reducer, axis, keepDims), AllHidden(array.Mask, axis, keepDims), null);
    }

    public static DaskMaskedArray<bool> Truth<T>(DaskMaskedArray<T> array, string label, Reducer reducer, bool neutral, Axes axis, bool keepDims)
        where T : unmanaged
    {
        var filled = Masks.Filled(Element.Cast(array.Data, DType.Bool), array.Mask, neutral);
        return new(Reduced(label, filled, reducer, axis, keepDims), AllHidden(array.Mask, axis, keepDims), null);
    }

    public static DaskMaskedArray<TResult> Means<T, TResult>(DaskMaskedArray<T> array, Axes axis, bool keepDims)
        where T : unmanaged
        where TResult : unmanaged
    {
        // Sums in double, also of whole numbers, which might wrap around.
        var sum = Reduced("sum", Element.Cast(Masks.Filled(array.Data, array.Mask, Constants.Convert(0, array.DType)), DType.Float64), Reducers.Sum(DType.Float64), axis, keepDims);
        return new(Element.Cast(Element.Call("divide", sum, Counts(array.Mask, axis, keepDims)), DTypes.Of<TResult>()), AllHidden(array.Mask, axis, keepDims), null);
    }

    /// <summary>In two passes, as numpy.ma does it: the mean, then the squares of the distances to it.</summary>
    public static DaskMaskedArray<TResult> Variance<T, TResult>(DaskMaskedArray<T> array, Axes axis, bool keepDims, double ddof)
        where T : unmanaged
        where TResult : unmanaged
    {
        var mean = Means<T, double>(array, axis, keepDims: true);
        var distance = Element.Call("subtract", Element.Cast(array.Data, DType.Float64), mean.Data);
        var squares = Reduced("sum", Masks.Filled(Element.Call("square", distance), array.Mask, 0.0), Reducers.Sum(DType.Float64), axis, keepDims);
        var divisor = Element.Call("subtract", Element.Cast(Counts(array.Mask, axis, keepDims), DType.Float64), Element.Scalar(DType.Float64, ddof));
        return new(Element.Cast(Element.Call("divide", squares, divisor), DTypes.Of<TResult>()), Element.Call("less_equal", divisor, Element.Scalar(DType.Float64, 0.0)), null);
    }

    public static DaskMaskedArray<TResult> Weighted<T, TResult>(DaskMaskedArray<T> array, DaskArray<TResult>? weights, Axes axis)
        where T : unmanaged
        where TResult : unmanaged
    {
        if (weights is null)
        {
            return Means<T, TResult>(array, axis, keepDims: false);
        }

        var type = DTypes.Of<TResult>();
        var zero = Constants.Convert(0, type);
        var products = Element.Call("multiply", Element.Cast(array.Data, type), Element.BroadcastTo(weights.Recipe, array.Data.Shape, array.Data.Chunks));
        var sum = Reduced("sum", Masks.Filled(products, array.Mask, zero), Reducers.Sum(type), axis, keepDims: false);
        var weight = Reduced("sum", Masks.Filled(Element.BroadcastTo(weights.Recipe, array.Data.Shape, array.Data.Chunks), array.Mask, zero), Reducers.Sum(type), axis, keepDims: false);
        // As quotients of numpy.ma: hidden where they are not finite. (Over all axes it divides plain numbers, and gives an infinity.)
        var hidden = AllHidden(array.Mask, axis, keepDims: false);
        return Masks.Divide<TResult, TResult>(new(sum, hidden, null), new(weight, hidden, null), null);
    }

    public static SourceRecipe Counts(Recipe mask, Axes axis, bool keepDims) => Reduced("sum", Masks.Not(mask), Reducers.Sum(DType.Bool), axis, keepDims);

    private static SourceRecipe AllHidden(Recipe mask, Axes axis, bool keepDims) => Reduced("all", mask, Reducers.All(), axis, keepDims);

    private static SourceRecipe Reduced(string label, Recipe input, Reducer reducer, Axes axis, bool keepDims) =>
        ReduceLayers.Lower(input, reducer, axis.Resolve(input.Rank), keepDims, ReduceLayers.DefaultSplitEvery, label);
}
