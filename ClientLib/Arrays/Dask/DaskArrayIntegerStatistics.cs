using System.Numerics;

namespace Orleans.Dask;

/// <summary>Quantiles and moments of integers, as double.</summary>
public static class DaskArrayIntegerStatistics
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>Middle element, the mean of two for an even count.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        public DaskArray<double> Median(Axes axis = default, bool keepDims = false) => array.AsType<double>().Median(axis, keepDims);

        /// <summary>As Median: whole numbers are never NaN.</summary>
        /// <param name="axis">Which axes go away.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        public DaskArray<double> NanMedian(Axes axis = default, bool keepDims = false) => array.Median(axis, keepDims);

        /// <summary>Quantile q in 0 to 1, exact, over all the data along the axes.</summary>
        public DaskArray<double> Quantile(double q, Axes axis = default, bool keepDims = false, string method = "linear") => array.AsType<double>().Quantile(q, axis, keepDims, method);

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<double> Quantile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear") => array.AsType<double>().Quantile(q, axis, keepDims, method);

        /// <summary>As Quantile: whole numbers are never NaN.</summary>
        public DaskArray<double> NanQuantile(double q, Axes axis = default, bool keepDims = false, string method = "linear") => array.Quantile(q, axis, keepDims, method);

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<double> NanQuantile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear") => array.Quantile(q, axis, keepDims, method);

        /// <summary>Percentile q in 0 to 100, exact, over all the data along the axes.</summary>
        public DaskArray<double> Percentile(double q, Axes axis = default, bool keepDims = false, string method = "linear") => array.AsType<double>().Percentile(q, axis, keepDims, method);

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<double> Percentile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear") => array.AsType<double>().Percentile(q, axis, keepDims, method);

        /// <summary>As Percentile: whole numbers are never NaN.</summary>
        public DaskArray<double> NanPercentile(double q, Axes axis = default, bool keepDims = false, string method = "linear") => array.Percentile(q, axis, keepDims, method);

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<double> NanPercentile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear") => array.Percentile(q, axis, keepDims, method);

        /// <summary>Central moment: the mean of (x - mean) to the power of the order, with divisor n - ddof.</summary>
        public DaskArray<double> Moment(int order, Axes axis = default, bool keepDims = false, double ddof = 0) => array.AsType<double>().Moment(order, axis, keepDims, ddof);

        /// <summary>Mean weighted by <paramref name="weights"/>, which have the array's shape or are one axis along <paramref name="axis"/>.</summary>
        public DaskArray<double> Average(DaskArray<T> weights, Axes axis = default) => array.AsType<double>().Average(weights.AsType<double>(), axis);

        /// <summary>Weighted mean, and the sum of the weights.</summary>
        public (DaskArray<double> Average, DaskArray<double> Weights) Average(DaskArray<T> weights, bool returned, Axes axis = default) => array.AsType<double>().Average(weights.AsType<double>(), returned, axis);

        /// <summary>Mean, as Mean.</summary>
        public DaskArray<double> Average(Axes axis = default) => array.Mean(axis);

        /// <summary>Mean, and how many elements it is of.</summary>
        public (DaskArray<double> Average, DaskArray<double> Weights) Average(bool returned, Axes axis = default) => array.AsType<double>().Average(returned, axis);
    }
}
