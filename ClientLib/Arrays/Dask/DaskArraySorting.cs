using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Orders of elements.</summary>
public static class DaskArraySorting
{
    /// <param name="array">The values.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>The values in ascending order along an axis; NaN last, complex by real, then imaginary part. The answer has the chunks of the array.</summary>
        /// <param name="axis">From 0; negative counts from the end; null: of the flattened array.</param>
        /// <remarks>As numpy.sort. An axis of many chunks is never in one place: blocks sort, agree on where to cut, and exchange pieces.</remarks>
        public DaskArray<T> Sort(int? axis = -1) => new(SortLayers.Lower<T>((axis is null ? array.Ravel() : array).Recipe, axis ?? 0, positions: false));

        /// <summary>Where the sorted values stand in the array: <c>x.Take(x.ArgSort())</c> of one axis is sorted. Equal values keep their order.</summary>
        /// <param name="axis">From 0; negative counts from the end; null: of the flattened array.</param>
        /// <remarks>As numpy.argsort with kind "stable".</remarks>
        public DaskArray<long> ArgSort(int? axis = -1) => new(SortLayers.Lower<T>((axis is null ? array.Ravel() : array).Recipe, axis ?? 0, positions: true));
    }
}
