using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Reductions of complex arrays; deviations are real.</summary>
public static class DaskArrayComplexReductions
{
    /// <param name="array">What is reduced.</param>
    extension(DaskArray<Complex> array)
    {
        /// <summary>Sum; 0 of no elements.</summary>
        public DaskScalar<Complex> Sum() => Reduce.Scalar<Complex>("sum", array.Recipe, Reducers.Sum(array.DType));

        /// <summary>Sum; 0 of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<Complex> Sum(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<Complex>("sum", array.Recipe, Reducers.Sum(array.DType), axis, keepDims, splitEvery);

        /// <summary>Product; 1 of no elements.</summary>
        public DaskScalar<Complex> Prod() => Reduce.Scalar<Complex>("prod", array.Recipe, Reducers.Product(array.DType));

        /// <summary>Product; 1 of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<Complex> Prod(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<Complex>("prod", array.Recipe, Reducers.Product(array.DType), axis, keepDims, splitEvery);

        /// <summary>Mean: a sum and a count per chunk, combined in a tree; NaN of no elements.</summary>
        public DaskScalar<Complex> Mean() => Reduce.Scalar<Complex>("mean", array.Recipe, Reducers.Mean(array.Recipe.Type));

        /// <summary>Mean: a sum and a count per chunk, combined in a tree; NaN of no elements.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<Complex> Mean(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<Complex>("mean", array.Recipe, Reducers.Mean(array.Recipe.Type), axis, keepDims, splitEvery);

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
