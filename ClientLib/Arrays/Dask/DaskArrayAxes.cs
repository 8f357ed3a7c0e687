using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Other orders of the axes.</summary>
public static class DaskArrayAxes
{
    /// <param name="array">The array.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>The transpose: axes reversed. No task of its own.</summary>
        public DaskArray<T> T => array.Transpose();

        /// <summary>The axes in the given order; reversed without one.</summary>
        public DaskArray<T> Transpose(params int[] axes)
        {
            ArgumentNullException.ThrowIfNull(axes);
            var order = axes.Length == 0 ? [.. Enumerable.Range(0, array.Rank).Reverse()] : Strided.Axes(axes, array.Rank);
            return order.Length == array.Rank
                ? new DaskArray<T>(Element.Axes(array.Recipe, order, Array.ConvertAll(order, a => array.Recipe.Chunks[a])))
                : throw new AxisException($"{order.Length} axes for an array of {array.Rank}. Name each axis once.");
        }

        /// <summary>The same values in other chunks; axes that are not named keep theirs.</summary>
        public DaskArray<T> Rechunk(ChunkSpec chunks) =>
            new(Orleans.Dask.Arrays.Rechunk.To(array.Recipe, chunks.Resolve(array.Recipe.Shape, array.DType, array.Recipe.Chunks)));
    }
}
