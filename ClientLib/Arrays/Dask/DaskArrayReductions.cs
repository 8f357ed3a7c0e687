using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Reductions of floating arrays; float stays float.</summary>
public static class DaskArrayFloatReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Sum; 0 of no elements.</summary>
        public DaskScalar<T> Sum() => Reduce.Scalar<T>("sum", array.Recipe, Reducers.Sum(array.DType));

        /// <summary>Sum; 0 of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<T> Sum(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<T>("sum", array.Recipe, Reducers.Sum(array.DType), axis, keepDims, splitEvery);

        /// <summary>Product; 1 of no elements.</summary>
        public DaskScalar<T> Prod() => Reduce.Scalar<T>("prod", array.Recipe, Reducers.Product(array.DType));

        /// <summary>Product; 1 of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<T> Prod(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<T>("prod", array.Recipe, Reducers.Product(array.DType), axis, keepDims, splitEvery);

        /// <summary>Mean: a sum and a count per chunk, combined in a tree; NaN of no elements.</summary>
        public DaskScalar<T> Mean() => Reduce.Scalar<T>("mean", array.Recipe, Reducers.Mean(array.Recipe.Type));

        /// <summary>Mean: a sum and a count per chunk, combined in a tree; NaN of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<T> Mean(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<T>("mean", array.Recipe, Reducers.Mean(array.Recipe.Type), axis, keepDims, splitEvery);

        /// <summary>Standard deviation, in one pass, with divisor n - <c>ddof</c>.</summary>
        public DaskScalar<T> Std(double ddof = 0) => Reduce.Scalar<T>("std", array.Recipe, Reducers.Variance(array.Recipe.Type, ddof, root: true));

        /// <summary>Standard deviation, in one pass, with divisor n - <c>ddof</c>.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        public DaskArray<T> Std(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery, double ddof = 0) => Reduce.Along<T>("std", array.Recipe, Reducers.Variance(array.Recipe.Type, ddof, root: true), axis, keepDims, splitEvery);

        /// <summary>Variance, in one pass, with divisor n - <c>ddof</c>.</summary>
        public DaskScalar<T> Var(double ddof = 0) => Reduce.Scalar<T>("var", array.Recipe, Reducers.Variance(array.Recipe.Type, ddof, root: false));

        /// <summary>Variance, in one pass, with divisor n - <c>ddof</c>.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        public DaskArray<T> Var(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery, double ddof = 0) => Reduce.Along<T>("var", array.Recipe, Reducers.Variance(array.Recipe.Type, ddof, root: false), axis, keepDims, splitEvery);
    }
}

/// <summary>Reductions of numbers that have an order.</summary>
public static class DaskArrayOrderReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, INumber<T>
    {
        /// <summary>Smallest element; NaN if any is NaN.</summary>
        public DaskScalar<T> Min() => Reduce.Scalar<T>("min", array.Recipe, Reducers.Minimum(array.DType));

        /// <summary>Smallest element; NaN if any is NaN.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<T> Min(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<T>("min", array.Recipe, Reducers.Minimum(array.DType), axis, keepDims, splitEvery);

        /// <summary>Largest element; NaN if any is NaN.</summary>
        public DaskScalar<T> Max() => Reduce.Scalar<T>("max", array.Recipe, Reducers.Maximum(array.DType));

        /// <summary>Largest element; NaN if any is NaN.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<T> Max(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<T>("max", array.Recipe, Reducers.Maximum(array.DType), axis, keepDims, splitEvery);
    }
}

/// <summary>Questions to all elements; what is not zero is true.</summary>
public static class DaskArrayTruthReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>Whether any element is not zero; NaN is not.</summary>
        public DaskScalar<bool> Any() => Reduce.Scalar<bool>("any", array.Recipe, Reducers.Any());

        /// <summary>Whether any element is not zero; NaN is not.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<bool> Any(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<bool>("any", array.Recipe, Reducers.Any(), axis, keepDims, splitEvery);

        /// <summary>Whether no element is zero.</summary>
        public DaskScalar<bool> All() => Reduce.Scalar<bool>("all", array.Recipe, Reducers.All());

        /// <summary>Whether no element is zero.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<bool> All(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<bool>("all", array.Recipe, Reducers.All(), axis, keepDims, splitEvery);
    }
}
