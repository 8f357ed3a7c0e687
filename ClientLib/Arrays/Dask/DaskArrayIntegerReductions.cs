using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Sums of signed integers, in 64 bits.</summary>
public static class DaskArraySignedReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
    {
        /// <summary>Sum; 0 of no elements.</summary>
        public DaskScalar<long> Sum() => Reduce.Scalar<long>("sum", array.Recipe, Reducers.Sum(array.DType));

        /// <summary>Sum; 0 of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<long> Sum(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<long>("sum", array.Recipe, Reducers.Sum(array.DType), axis, keepDims, splitEvery);

        /// <summary>Product; 1 of no elements.</summary>
        public DaskScalar<long> Prod() => Reduce.Scalar<long>("prod", array.Recipe, Reducers.Product(array.DType));

        /// <summary>Product; 1 of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<long> Prod(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<long>("prod", array.Recipe, Reducers.Product(array.DType), axis, keepDims, splitEvery);
    }
}

/// <summary>Sums of unsigned integers, in 64 bits.</summary>
public static class DaskArrayUnsignedReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        /// <summary>Sum; 0 of no elements.</summary>
        public DaskScalar<ulong> Sum() => Reduce.Scalar<ulong>("sum", array.Recipe, Reducers.Sum(array.DType));

        /// <summary>Sum; 0 of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<ulong> Sum(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<ulong>("sum", array.Recipe, Reducers.Sum(array.DType), axis, keepDims, splitEvery);

        /// <summary>Product; 1 of no elements.</summary>
        public DaskScalar<ulong> Prod() => Reduce.Scalar<ulong>("prod", array.Recipe, Reducers.Product(array.DType));

        /// <summary>Product; 1 of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<ulong> Prod(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<ulong>("prod", array.Recipe, Reducers.Product(array.DType), axis, keepDims, splitEvery);
    }
}

/// <summary>Means and deviations of integers, as double.</summary>
public static class DaskArrayIntegerReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>Mean: a sum and a count per chunk, combined in a tree; NaN of no elements.</summary>
        public DaskScalar<double> Mean() => Reduce.Scalar<double>("mean", array.Recipe, Reducers.Mean(array.Recipe.Type));

        /// <summary>Mean: a sum and a count per chunk, combined in a tree; NaN of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<double> Mean(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<double>("mean", array.Recipe, Reducers.Mean(array.Recipe.Type), axis, keepDims, splitEvery);

        /// <summary>Standard deviation, in one pass, with divisor n - <c>ddof</c>.</summary>
        public DaskScalar<double> Std(double ddof = 0) => Reduce.Scalar<double>("std", array.Recipe, Reducers.Variance(array.Recipe.Type, ddof, root: true));

        /// <summary>Standard deviation, in one pass, with divisor n - <c>ddof</c>.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        public DaskArray<double> Std(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery, double ddof = 0) => Reduce.Along<double>("std", array.Recipe, Reducers.Variance(array.Recipe.Type, ddof, root: true), axis, keepDims, splitEvery);

        /// <summary>Variance, in one pass, with divisor n - <c>ddof</c>.</summary>
        public DaskScalar<double> Var(double ddof = 0) => Reduce.Scalar<double>("var", array.Recipe, Reducers.Variance(array.Recipe.Type, ddof, root: false));

        /// <summary>Variance, in one pass, with divisor n - <c>ddof</c>.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        public DaskArray<double> Var(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery, double ddof = 0) => Reduce.Along<double>("var", array.Recipe, Reducers.Variance(array.Recipe.Type, ddof, root: false), axis, keepDims, splitEvery);
    }
}
