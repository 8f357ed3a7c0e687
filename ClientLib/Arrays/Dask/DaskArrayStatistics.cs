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
        /// <param name="axis">Which axes go away; they come into one chunk.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        public DaskArray<T> Median(Axes axis = default, bool keepDims = false) =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [0.5], axis.Resolve(array.Rank), keepDims, "midpoint", skipNaN: false))[0].AsType<T>();

        /// <summary>Middle of the elements that are not NaN.</summary>
        /// <param name="axis">Which axes go away; they come into one chunk.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        public DaskArray<T> NanMedian(Axes axis = default, bool keepDims = false) =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [0.5], axis.Resolve(array.Rank), keepDims, "midpoint", skipNaN: true))[0].AsType<T>();

        /// <summary>Quantile q in 0 to 1, exact, over all the data along the axes.</summary>
        public DaskArray<T> Quantile(double q, Axes axis = default, bool keepDims = false, string method = "linear") =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [q], axis.Resolve(array.Rank), keepDims, method, skipNaN: false))[0].AsType<T>();

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<T> Quantile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear")
        {
            ArgumentNullException.ThrowIfNull(q);
            return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p), axis.Resolve(array.Rank), keepDims, method, skipNaN: false)).AsType<T>();
        }

        /// <summary>Quantile q in 0 to 1, exact, over all the data along the axes, NaN left out.</summary>
        public DaskArray<T> NanQuantile(double q, Axes axis = default, bool keepDims = false, string method = "linear") =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [q], axis.Resolve(array.Rank), keepDims, method, skipNaN: true))[0].AsType<T>();

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<T> NanQuantile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear")
        {
            ArgumentNullException.ThrowIfNull(q);
            return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p), axis.Resolve(array.Rank), keepDims, method, skipNaN: true)).AsType<T>();
        }

        /// <summary>Percentile q in 0 to 100, exact, over all the data along the axes.</summary>
        public DaskArray<T> Percentile(double q, Axes axis = default, bool keepDims = false, string method = "linear") =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [q / 100], axis.Resolve(array.Rank), keepDims, method, skipNaN: false))[0].AsType<T>();

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<T> Percentile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear")
        {
            ArgumentNullException.ThrowIfNull(q);
            return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p / 100), axis.Resolve(array.Rank), keepDims, method, skipNaN: false)).AsType<T>();
        }

        /// <summary>Percentile q in 0 to 100, exact, over all the data along the axes, NaN left out.</summary>
        public DaskArray<T> NanPercentile(double q, Axes axis = default, bool keepDims = false, string method = "linear") =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [q / 100], axis.Resolve(array.Rank), keepDims, method, skipNaN: true))[0].AsType<T>();

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<T> NanPercentile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear")
        {
            ArgumentNullException.ThrowIfNull(q);
            return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p / 100), axis.Resolve(array.Rank), keepDims, method, skipNaN: true)).AsType<T>();
        }

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
}

/// <summary>Running sums of signed integers, in 64 bits.</summary>
public static class DaskArraySignedScans
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
    {
        /// <summary>Running sum along an axis; of the flattened array without one.</summary>
        public DaskArray<long> CumSum(int? axis = null) => new(ScanLayers.Lower<long>((axis is null ? array.AsType<long>().Ravel() : array.AsType<long>()).Recipe, axis ?? 0, product: false));

        /// <summary>Running product along an axis; of the flattened array without one.</summary>
        public DaskArray<long> CumProd(int? axis = null) => new(ScanLayers.Lower<long>((axis is null ? array.AsType<long>().Ravel() : array.AsType<long>()).Recipe, axis ?? 0, product: true));

        /// <summary>Sum along a diagonal.</summary>
        public DaskArray<long> Trace(int offset = 0, int axis1 = 0, int axis2 = 1) => array.Diagonal(offset, axis1, axis2).Sum(axis: -1);
    }
}

/// <summary>Running sums of unsigned integers, in 64 bits.</summary>
public static class DaskArrayUnsignedScans
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        /// <summary>Running sum along an axis; of the flattened array without one.</summary>
        public DaskArray<ulong> CumSum(int? axis = null) => new(ScanLayers.Lower<ulong>((axis is null ? array.AsType<ulong>().Ravel() : array.AsType<ulong>()).Recipe, axis ?? 0, product: false));

        /// <summary>Running product along an axis; of the flattened array without one.</summary>
        public DaskArray<ulong> CumProd(int? axis = null) => new(ScanLayers.Lower<ulong>((axis is null ? array.AsType<ulong>().Ravel() : array.AsType<ulong>()).Recipe, axis ?? 0, product: true));

        /// <summary>Sum along a diagonal.</summary>
        public DaskArray<ulong> Trace(int offset = 0, int axis1 = 0, int axis2 = 1) => array.Diagonal(offset, axis1, axis2).Sum(axis: -1);
    }
}

/// <summary>Quantiles and moments of integers, as double.</summary>
public static class DaskArrayIntegerStatistics
{
    /// <param name="array">What is reduced.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>Middle element, the mean of two for an even count; NaN if any is NaN.</summary>
        /// <param name="axis">Which axes go away; they come into one chunk.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        public DaskArray<double> Median(Axes axis = default, bool keepDims = false) =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [0.5], axis.Resolve(array.Rank), keepDims, "midpoint", skipNaN: false))[0];

        /// <summary>Middle of the elements that are not NaN.</summary>
        /// <param name="axis">Which axes go away; they come into one chunk.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        public DaskArray<double> NanMedian(Axes axis = default, bool keepDims = false) =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [0.5], axis.Resolve(array.Rank), keepDims, "midpoint", skipNaN: true))[0];

        /// <summary>Quantile q in 0 to 1, exact, over all the data along the axes.</summary>
        public DaskArray<double> Quantile(double q, Axes axis = default, bool keepDims = false, string method = "linear") =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [q], axis.Resolve(array.Rank), keepDims, method, skipNaN: false))[0];

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<double> Quantile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear")
        {
            ArgumentNullException.ThrowIfNull(q);
            return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p), axis.Resolve(array.Rank), keepDims, method, skipNaN: false));
        }

        /// <summary>Quantile q in 0 to 1, exact, over all the data along the axes, NaN left out.</summary>
        public DaskArray<double> NanQuantile(double q, Axes axis = default, bool keepDims = false, string method = "linear") =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [q], axis.Resolve(array.Rank), keepDims, method, skipNaN: true))[0];

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<double> NanQuantile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear")
        {
            ArgumentNullException.ThrowIfNull(q);
            return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p), axis.Resolve(array.Rank), keepDims, method, skipNaN: true));
        }

        /// <summary>Percentile q in 0 to 100, exact, over all the data along the axes.</summary>
        public DaskArray<double> Percentile(double q, Axes axis = default, bool keepDims = false, string method = "linear") =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [q / 100], axis.Resolve(array.Rank), keepDims, method, skipNaN: false))[0];

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<double> Percentile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear")
        {
            ArgumentNullException.ThrowIfNull(q);
            return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p / 100), axis.Resolve(array.Rank), keepDims, method, skipNaN: false));
        }

        /// <summary>Percentile q in 0 to 100, exact, over all the data along the axes, NaN left out.</summary>
        public DaskArray<double> NanPercentile(double q, Axes axis = default, bool keepDims = false, string method = "linear") =>
            new DaskArray<double>(QuantileLayers.Lower(array.Recipe, [q / 100], axis.Resolve(array.Rank), keepDims, method, skipNaN: true))[0];

        /// <summary>Several at once, along a new first axis.</summary>
        public DaskArray<double> NanPercentile(double[] q, Axes axis = default, bool keepDims = false, string method = "linear")
        {
            ArgumentNullException.ThrowIfNull(q);
            return new DaskArray<double>(QuantileLayers.Lower(array.Recipe, Array.ConvertAll(q, p => p / 100), axis.Resolve(array.Rank), keepDims, method, skipNaN: true));
        }

        /// <summary>Central moment: the mean of (x - mean) to the power of the order, with divisor n - ddof.</summary>
        public DaskArray<double> Moment(int order, Axes axis = default, bool keepDims = false, double ddof = 0) =>
            new(Moments.Central(array.AsType<double>().Recipe, order, axis.Resolve(array.Rank), keepDims, ddof));

        /// <summary>Mean weighted by <paramref name="weights"/>, which have the array's shape or are one axis along <paramref name="axis"/>.</summary>
        public DaskArray<double> Average(DaskArray<T> weights, Axes axis = default) => new(Moments.Average(array.AsType<double>().Recipe, weights.AsType<double>().Recipe, axis.List, array.Rank).Average);

        /// <summary>Weighted mean, and the sum of the weights.</summary>
        public (DaskArray<double> Average, DaskArray<double> Weights) Average(DaskArray<T> weights, bool returned, Axes axis = default)
        {
            _ = returned;
            var (average, sum) = Moments.Average(array.AsType<double>().Recipe, weights.AsType<double>().Recipe, axis.List, array.Rank);
            return (new(average), new(sum));
        }

        /// <summary>Mean, as Mean.</summary>
        public DaskArray<double> Average(Axes axis = default) => array.Mean(axis);

        /// <summary>Mean, and how many elements it is of.</summary>
        public (DaskArray<double> Average, DaskArray<double> Weights) Average(bool returned, Axes axis = default)
        {
            _ = returned;
            var average = array.Mean(axis);
            return (average, new(Moments.Count(array.Recipe, axis.Resolve(array.Rank), average.Recipe)));
        }
    }
}

/// <summary>Running counts of masks.</summary>
public static class DaskArrayMaskStatistics
{
    /// <param name="array">What is reduced.</param>
    extension(DaskArray<bool> array)
    {
        /// <summary>Position of the first false, or 0. Of the flattened array without an axis.</summary>
        public DaskArray<long> ArgMin(int? axis = null, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => array.AsType<byte>().ArgMin(axis, keepDims, splitEvery);

        /// <summary>Position of the first true, or 0. Of the flattened array without an axis.</summary>
        public DaskArray<long> ArgMax(int? axis = null, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery) => array.AsType<byte>().ArgMax(axis, keepDims, splitEvery);

        /// <summary>Running sum along an axis; of the flattened array without one.</summary>
        public DaskArray<long> CumSum(int? axis = null) => new(ScanLayers.Lower<long>((axis is null ? array.AsType<long>().Ravel() : array.AsType<long>()).Recipe, axis ?? 0, product: false));

        /// <summary>Running product along an axis; of the flattened array without one.</summary>
        public DaskArray<long> CumProd(int? axis = null) => new(ScanLayers.Lower<long>((axis is null ? array.AsType<long>().Ravel() : array.AsType<long>()).Recipe, axis ?? 0, product: true));

        /// <summary>Sum along a diagonal.</summary>
        public DaskArray<long> Trace(int offset = 0, int axis1 = 0, int axis2 = 1) => array.Diagonal(offset, axis1, axis2).Sum(axis: -1);
    }
}

/// <summary>Running sums of complex arrays.</summary>
public static class DaskArrayComplexStatistics
{
    /// <param name="array">What is reduced.</param>
    extension(DaskArray<Complex> array)
    {
        /// <summary>Running sum along an axis; of the flattened array without one.</summary>
        public DaskArray<Complex> CumSum(int? axis = null) => new(ScanLayers.Lower<Complex>((axis is null ? array.Ravel() : array).Recipe, axis ?? 0, product: false));

        /// <summary>Running product along an axis; of the flattened array without one.</summary>
        public DaskArray<Complex> CumProd(int? axis = null) => new(ScanLayers.Lower<Complex>((axis is null ? array.Ravel() : array).Recipe, axis ?? 0, product: true));

        /// <summary>Sum along a diagonal.</summary>
        public DaskArray<Complex> Trace(int offset = 0, int axis1 = 0, int axis2 = 1) => array.Diagonal(offset, axis1, axis2).Sum(axis: -1);
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
