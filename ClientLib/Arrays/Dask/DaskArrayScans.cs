using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

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
