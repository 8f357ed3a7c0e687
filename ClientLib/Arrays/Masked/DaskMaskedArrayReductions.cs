using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Reductions that leave out what is hidden. What is left of an axis without any element to count is hidden itself.</summary>
public static class DaskMaskedArrayReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskMaskedArray<T> array)
        where T : unmanaged
    {
        /// <summary>How many elements are not hidden.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskArray<long> Count(Axes axis = default, bool keepDims = false) => new(MaskedReduce.Counts(array.Mask, axis, keepDims));

        /// <summary>Whether any element that is not hidden is true (not zero).</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<bool> Any(Axes axis = default, bool keepDims = false) => MaskedReduce.Truth(array, "any", Reducers.Any(), false, axis, keepDims);

        /// <summary>Whether all elements that are not hidden are true (not zero).</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<bool> All(Axes axis = default, bool keepDims = false) => MaskedReduce.Truth(array, "all", Reducers.All(), true, axis, keepDims);
    }
}

/// <summary>Least and greatest of what is not hidden.</summary>
public static class DaskMaskedArrayOrderReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskMaskedArray<T> array)
        where T : unmanaged, INumber<T>
    {
        /// <summary>The least that is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<T> Min(Axes axis = default, bool keepDims = false) => MaskedReduce.Extreme(array, "min", Reducers.Minimum(array.DType), true, axis, keepDims);

        /// <summary>The greatest that is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<T> Max(Axes axis = default, bool keepDims = false) => MaskedReduce.Extreme(array, "max", Reducers.Maximum(array.DType), false, axis, keepDims);
    }
}

/// <summary>Reductions of floating numbers that leave out what is hidden.</summary>
public static class DaskMaskedArrayFloatReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskMaskedArray<T> array)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Sum of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<T> Sum(Axes axis = default, bool keepDims = false) => MaskedReduce.Along<T, T>("sum", array, Reducers.Sum(array.DType), 0, axis, keepDims);

        /// <summary>Product of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<T> Prod(Axes axis = default, bool keepDims = false) => MaskedReduce.Along<T, T>("prod", array, Reducers.Product(array.DType), 1, axis, keepDims);

        /// <summary>Mean of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<T> Mean(Axes axis = default, bool keepDims = false) => MaskedReduce.Means<T, T>(array, axis, keepDims);

        /// <summary>Variance of what is not hidden, with divisor n - ddof; hidden where that is not above 0.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<T> Var(Axes axis = default, bool keepDims = false, double ddof = 0) => MaskedReduce.Variance<T, T>(array, axis, keepDims, ddof);

        /// <summary>Standard deviation of what is not hidden, with divisor n - ddof; hidden where that is not above 0.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<T> Std(Axes axis = default, bool keepDims = false, double ddof = 0) => array.Var(axis, keepDims, ddof).Apply(v => v.Sqrt());

        /// <summary>Weighted mean of what is not hidden; hidden where the weights add up to 0, or what comes out is not finite.</summary>
        /// <param name="weights">One per element, or what repeats to that shape; null: all alike.</param>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <exception cref="ShapeException">The weights do not repeat to that shape.</exception>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<T> Average(DaskArray<T>? weights = null, Axes axis = default) => MaskedReduce.Weighted<T, T>(array, weights, axis);

        /// <summary>Running sums in which what is hidden counts 0, and stays hidden.</summary>
        /// <param name="axis">Along which.</param>
        /// <exception cref="AxisException">No such axis.</exception>
        public DaskMaskedArray<T> CumSum(int axis) => new(array.Filled(default(T)).CumSum(axis).Recipe, array.Mask, null);

        /// <summary>Running products in which what is hidden counts 1, and stays hidden.</summary>
        /// <param name="axis">Along which.</param>
        /// <exception cref="AxisException">No such axis.</exception>
        public DaskMaskedArray<T> CumProd(int axis) => new(array.Filled(T.One).CumProd(axis).Recipe, array.Mask, null);
    }
}

/// <summary>Reductions of signed integers that leave out what is hidden; sums in 64 bits.</summary>
public static class DaskMaskedArraySignedReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskMaskedArray<T> array)
        where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
    {
        /// <summary>Sum of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<long> Sum(Axes axis = default, bool keepDims = false) => MaskedReduce.Along<T, long>("sum", array, Reducers.Sum(array.DType), 0, axis, keepDims);

        /// <summary>Product of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<long> Prod(Axes axis = default, bool keepDims = false) => MaskedReduce.Along<T, long>("prod", array, Reducers.Product(array.DType), 1, axis, keepDims);

        /// <summary>Mean of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<double> Mean(Axes axis = default, bool keepDims = false) => MaskedReduce.Means<T, double>(array, axis, keepDims);

        /// <summary>Variance of what is not hidden, with divisor n - ddof; hidden where that is not above 0.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<double> Var(Axes axis = default, bool keepDims = false, double ddof = 0) => MaskedReduce.Variance<T, double>(array, axis, keepDims, ddof);

        /// <summary>Standard deviation of what is not hidden, with divisor n - ddof; hidden where that is not above 0.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<double> Std(Axes axis = default, bool keepDims = false, double ddof = 0) => array.Var(axis, keepDims, ddof).Apply(v => v.Sqrt());

        /// <summary>Weighted mean of what is not hidden; hidden where the weights add up to 0, or what comes out is not finite.</summary>
        /// <param name="weights">One per element, or what repeats to that shape; null: all alike.</param>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <exception cref="ShapeException">The weights do not repeat to that shape.</exception>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<double> Average(DaskArray<double>? weights = null, Axes axis = default) => MaskedReduce.Weighted<T, double>(array, weights, axis);

        /// <summary>Running sums in which what is hidden counts 0, and stays hidden.</summary>
        /// <param name="axis">Along which.</param>
        /// <exception cref="AxisException">No such axis.</exception>
        public DaskMaskedArray<long> CumSum(int axis) => new(array.Filled(default(T)).CumSum(axis).Recipe, array.Mask, null);

        /// <summary>Running products in which what is hidden counts 1, and stays hidden.</summary>
        /// <param name="axis">Along which.</param>
        /// <exception cref="AxisException">No such axis.</exception>
        public DaskMaskedArray<long> CumProd(int axis) => new(array.Filled(T.One).CumProd(axis).Recipe, array.Mask, null);
    }
}

/// <summary>Reductions of unsigned integers that leave out what is hidden; sums in 64 bits.</summary>
public static class DaskMaskedArrayUnsignedReductions
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskMaskedArray<T> array)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        /// <summary>Sum of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<ulong> Sum(Axes axis = default, bool keepDims = false) => MaskedReduce.Along<T, ulong>("sum", array, Reducers.Sum(array.DType), 0, axis, keepDims);

        /// <summary>Product of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<ulong> Prod(Axes axis = default, bool keepDims = false) => MaskedReduce.Along<T, ulong>("prod", array, Reducers.Product(array.DType), 1, axis, keepDims);

        /// <summary>Mean of what is not hidden; hidden where all is.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<double> Mean(Axes axis = default, bool keepDims = false) => MaskedReduce.Means<T, double>(array, axis, keepDims);

        /// <summary>Variance of what is not hidden, with divisor n - ddof; hidden where that is not above 0.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<double> Var(Axes axis = default, bool keepDims = false, double ddof = 0) => MaskedReduce.Variance<T, double>(array, axis, keepDims, ddof);

        /// <summary>Standard deviation of what is not hidden, with divisor n - ddof; hidden where that is not above 0.</summary>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="ddof">Taken off the count in the divisor.</param>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<double> Std(Axes axis = default, bool keepDims = false, double ddof = 0) => array.Var(axis, keepDims, ddof).Apply(v => v.Sqrt());

        /// <summary>Weighted mean of what is not hidden; hidden where the weights add up to 0, or what comes out is not finite.</summary>
        /// <param name="weights">One per element, or what repeats to that shape; null: all alike.</param>
        /// <param name="axis">Which axes go away; default: all.</param>
        /// <exception cref="ShapeException">The weights do not repeat to that shape.</exception>
        /// <exception cref="AxisException">No such axis, or one twice.</exception>
        public DaskMaskedArray<double> Average(DaskArray<double>? weights = null, Axes axis = default) => MaskedReduce.Weighted<T, double>(array, weights, axis);

        /// <summary>Running sums in which what is hidden counts 0, and stays hidden.</summary>
        /// <param name="axis">Along which.</param>
        /// <exception cref="AxisException">No such axis.</exception>
        public DaskMaskedArray<ulong> CumSum(int axis) => new(array.Filled(default(T)).CumSum(axis).Recipe, array.Mask, null);

        /// <summary>Running products in which what is hidden counts 1, and stays hidden.</summary>
        /// <param name="axis">Along which.</param>
        /// <exception cref="AxisException">No such axis.</exception>
        public DaskMaskedArray<ulong> CumProd(int axis) => new(array.Filled(T.One).CumProd(axis).Recipe, array.Mask, null);
    }
}
