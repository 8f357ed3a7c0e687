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

/// <summary>Reductions of masks: true counts as 1.</summary>
public static class DaskArrayMaskReductions
{
    /// <param name="array">What is reduced.</param>
    extension(DaskArray<bool> array)
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

        /// <summary>False where any is false.</summary>
        public DaskScalar<bool> Min() => Reduce.Scalar<bool>("min", array.Recipe, Reducers.Minimum(array.DType));

        /// <summary>False where any is false.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<bool> Min(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<bool>("min", array.Recipe, Reducers.Minimum(array.DType), axis, keepDims, splitEvery);

        /// <summary>True where any is true.</summary>
        public DaskScalar<bool> Max() => Reduce.Scalar<bool>("max", array.Recipe, Reducers.Maximum(array.DType));

        /// <summary>True where any is true.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines, at least 2.</param>
        public DaskArray<bool> Max(Axes axis, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => Reduce.Along<bool>("max", array.Recipe, Reducers.Maximum(array.DType), axis, keepDims, splitEvery);
    }
}

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
