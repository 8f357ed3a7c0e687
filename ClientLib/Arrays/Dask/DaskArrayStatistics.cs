using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Running sums, quantiles and moments of floating arrays.</summary>
public static class DaskArrayFloatStatistics
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Running sum along an axis; of the flattened array without one.</summary>
        public DaskArray<T> CumSum(int? axis = null) => new(ScanLayers.Lower<T>((axis is null ? array.Ravel() : array).Recipe, axis ?? 0, product: false));

        /// <summary>Running product along an axis; of the flattened array without one.</summary>
        public DaskArray<T> CumProd(int? axis = null) => new(ScanLayers.Lower<T>((axis is null ? array.Ravel() : array).Recipe, axis ?? 0, product: true));

        /// <summary>Sum along a diagonal.</summary>
        public DaskArray<T> Trace(int offset = 0, int axis1 = 0, int axis2 = 1) => array.Diagonal(offset, axis1, axis2).Sum(axis: -1);

        /// <summary>Middle element, the mean of two for an even count; NaN if any is NaN.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        public DaskArray<T> Median(Axes axis = default, bool keepDims = false) => array.Quantile(0.5, axis, keepDims, "midpoint");

        /// <summary>Middle of the elements that are not NaN.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        public DaskArray<T> NanMedian(Axes axis = default, bool keepDims = false) => array.NanQuantile(0.5, axis, keepDims, "midpoint");

        /// <summary>Quantile q in 0 to 1, exact, over all the data along the axes.</summary>
        /// <remarks>Elements along the axes are never in one place where they don't fit in a block: the ones next to the quantile are found by their rank.</remarks>
        public DaskArray<T> Quantile(double q, Axes axis = default, bool keepDims = false, string method = "linear") => array.Quantile([q], axis, keepDims, method)[0];

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<T> Quantile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear") => Quantiles(array, q, 1, axis, keepDims, method, skipNaN: false);

        /// <summary>Quantile q in 0 to 1, exact, over all the data along the axes, NaN left out.</summary>
        public DaskArray<T> NanQuantile(double q, Axes axis = default, bool keepDims = false, string method = "linear") => array.NanQuantile([q], axis, keepDims, method)[0];

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<T> NanQuantile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear") => Quantiles(array, q, 1, axis, keepDims, method, skipNaN: true);

        /// <summary>Percentile q in 0 to 100, exact, over all the data along the axes.</summary>
        public DaskArray<T> Percentile(double q, Axes axis = default, bool keepDims = false, string method = "linear") => array.Percentile([q], axis, keepDims, method)[0];

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<T> Percentile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear") => Quantiles(array, q, 100, axis, keepDims, method, skipNaN: false);

        /// <summary>Percentile q in 0 to 100, exact, over all the data along the axes, NaN left out.</summary>
        public DaskArray<T> NanPercentile(double q, Axes axis = default, bool keepDims = false, string method = "linear") => array.NanPercentile([q], axis, keepDims, method)[0];

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<T> NanPercentile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear") => Quantiles(array, q, 100, axis, keepDims, method, skipNaN: true);

        /// <summary>Central moment: the mean of (x - mean) to the power of the order, with divisor n - ddof.</summary>
        public DaskArray<T> Moment(int order, Axes axis = default, bool keepDims = false, double ddof = 0) =>
            new(Moments.Central(array.Recipe, order, axis.Resolve(array.Rank), keepDims, ddof));

        /// <summary>Mean weighted by <paramref name="weights"/>, which have the array's shape or are one axis along <paramref name="axis"/>.</summary>
        public DaskArray<T> Average(DaskArray<T> weights, Axes axis = default) => new(Moments.Average(array.Recipe, weights.AsType<T>().Recipe, axis.List, array.Rank).Average);

        /// <summary>Weighted mean, and the sum of the weights.</summary>
        public (DaskArray<T> Average, DaskArray<T> Weights) Average(DaskArray<T> weights, bool returned, Axes axis = default)
        {
            _ = returned;
            var (average, sum) = Moments.Average(array.Recipe, weights.AsType<T>().Recipe, axis.List, array.Rank);
            return (new(average), new(sum));
        }

        /// <summary>Mean, as Mean.</summary>
        public DaskArray<T> Average(Axes axis = default) => array.Mean(axis);

        /// <summary>Mean, and how many elements it is of.</summary>
        public (DaskArray<T> Average, DaskArray<T> Weights) Average(bool returned, Axes axis = default)
        {
            _ = returned;
            var average = array.Mean(axis);
            return (average, new(Moments.Count(array.Recipe, axis.Resolve(array.Rank), average.Recipe)));
        }
    }

    private static DaskArray<T> Quantiles<T>(DaskArray<T> array, double[] q, double whole, Axes axis, bool keepDims, string method, bool skipNaN)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(q);
        return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p / whole), axis.Resolve(array.Rank), keepDims, method, skipNaN)).AsType<T>();
    }
}

/// <summary>Positions of extremes.</summary>
public static class DaskArrayOrderStatistics
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, INumber<T>
    {
        /// <summary>Position of the smallest element, the first of equal ones; the first NaN wins. Of the flattened array without an axis.</summary>
        public DaskArray<long> ArgMin(int? axis = null, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => new(ArgLayers.Lower<T>(array.Recipe, axis, false, false, keepDims, splitEvery, "argmin"));

        /// <summary>Position of the largest element, the first of equal ones; the first NaN wins. Of the flattened array without an axis.</summary>
        public DaskArray<long> ArgMax(int? axis = null, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => new(ArgLayers.Lower<T>(array.Recipe, axis, true, false, keepDims, splitEvery, "argmax"));

        /// <summary>Position of the smallest element that is not NaN.</summary>
        /// <exception cref="ArrayException">When computed: a slice holds only NaN.</exception>
        public DaskArray<long> NanArgMin(int? axis = null, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => new(ArgLayers.Lower<T>(array.Recipe, axis, false, true, keepDims, splitEvery, "nanargmin"));

        /// <summary>Position of the largest element that is not NaN.</summary>
        /// <exception cref="ArrayException">When computed: a slice holds only NaN.</exception>
        public DaskArray<long> NanArgMax(int? axis = null, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => new(ArgLayers.Lower<T>(array.Recipe, axis, true, true, keepDims, splitEvery, "nanargmax"));

        /// <summary>Largest minus smallest, in the elements' type.</summary>
        public DaskArray<T> Ptp(Axes axis = default, bool keepDims = false) => array.Max(axis, keepDims).Subtract(array.Min(axis, keepDims));
    }
}

/// <summary>Counts.</summary>
public static class DaskArrayCounts
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>How many are not zero; NaN is not.</summary>
        public DaskArray<long> CountNonZero(Axes axis = default, bool keepDims = false) => array.AsType<bool>().Sum(axis, keepDims);
    }
}
