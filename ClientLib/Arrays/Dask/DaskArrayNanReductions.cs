using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Reductions that leave NaN out.</summary>
public static class DaskArrayNanReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Sum in which NaN counts as 0.</summary>
        public DaskArray<T> NanSum(Axes axis = default, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) =>
            NanTo(array, T.Zero).Sum(axis, keepDims, splitEvery);

        /// <summary>Running sum in which NaN counts as 0.</summary>
        public DaskArray<T> NanCumSum(int? axis = null) => NanTo(array, T.Zero).CumSum(axis);

        /// <summary>Prod in which NaN counts as 1.</summary>
        public DaskArray<T> NanProd(Axes axis = default, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) =>
            NanTo(array, T.One).Prod(axis, keepDims, splitEvery);

        /// <summary>Running prod in which NaN counts as 1.</summary>
        public DaskArray<T> NanCumProd(int? axis = null) => NanTo(array, T.One).CumProd(axis);

        /// <summary>Mean of what is not NaN; NaN where there is nothing.</summary>
        public DaskArray<T> NanMean(Axes axis = default, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery)
        {
            var count = array.IsNaN().LogicalNot().Sum(axis, keepDims, splitEvery);
            var sum = NanTo(array, T.Zero).AsType<double>().Sum(axis, keepDims, splitEvery);
            return new DaskArray<double>(Element.Call("divide", sum.Recipe, count.Recipe)).AsType<T>();
        }

        /// <summary>Standard deviation of what is not NaN.</summary>
        public DaskArray<T> NanStd(Axes axis = default, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery, double ddof = 0) =>
            Reduce.Along<T>("nanstd", array.Recipe, Reducers.Variance(array.DType, ddof, root: true, skipNaN: true), axis, keepDims, splitEvery);

        /// <summary>Variance of what is not NaN.</summary>
        public DaskArray<T> NanVar(Axes axis = default, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery, double ddof = 0) =>
            Reduce.Along<T>("nanvar", array.Recipe, Reducers.Variance(array.DType, ddof, root: false, skipNaN: true), axis, keepDims, splitEvery);

        /// <summary>Smallest of what is not NaN; NaN where there is nothing.</summary>
        public DaskArray<T> NanMin(Axes axis = default, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) =>
            DaskArray.Where(array.IsNaN().All(axis, keepDims, splitEvery), T.NaN, NanTo(array, T.PositiveInfinity).Min(axis, keepDims, splitEvery));

        /// <summary>Largest of what is not NaN; NaN where there is nothing.</summary>
        public DaskArray<T> NanMax(Axes axis = default, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) =>
            DaskArray.Where(array.IsNaN().All(axis, keepDims, splitEvery), T.NaN, NanTo(array, T.NegativeInfinity).Max(axis, keepDims, splitEvery));
    }

    private static DaskArray<T> NanTo<T>(DaskArray<T> array, T value)
        where T : unmanaged, IFloatingPointIeee754<T> => DaskArray.Where(array.IsNaN(), value, array);
}
