using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Other walks of the same elements; each gives an array of the type it got.</summary>
public static class NDArrayViews
{
    /// <param name="array">The array.</param>
    /// <typeparam name="TArray">An array, typed or not.</typeparam>
    extension<TArray>(TArray array)
        where TArray : NDArray
    {
        /// <summary>The axes in the given order; without one, reversed. A view.</summary>
        /// <exception cref="AxisException">Not every axis once.</exception>
        public TArray Transpose(params int[] axes)
        {
            ArgumentNullException.ThrowIfNull(axes);
            var order = axes.Length == 0 ? [.. Enumerable.Range(0, array.Rank).Reverse()] : Strided.Axes(axes, array.Rank);
            return order.Length == array.Rank
                ? (TArray)array.View(Array.ConvertAll(order, a => array.Dimensions[a]), Array.ConvertAll(order, a => array.Steps[a]), array.Offset)
                : throw new AxisException($"{order.Length} axes for an array of {array.Rank}. Name each axis once.");
        }

        /// <summary>The transpose: axes reversed. A view.</summary>
        public TArray T => array.Transpose();

        /// <summary>The same elements in another shape; one length may be -1. A view where the walk allows it, else a copy.</summary>
        /// <exception cref="ShapeException">So many elements do not fill it.</exception>
        public TArray Reshape(params int[] shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            var full = Shapes.InMemory(Array.ConvertAll(Shapes.Infer(Array.ConvertAll(shape, s => (long)s), array.Size), s => (int)s));
            var rows = (TArray)Strided.Contiguous(array);
            return (TArray)rows.View(full, Strided.RowMajor(full), rows.Offset);
        }

        /// <summary>Repeats axes of length 1, and new first axes, to fill a shape. A view.</summary>
        /// <exception cref="ShapeException">The shape does not repeat to that one.</exception>
        public TArray BroadcastTo(params int[] shape) => (TArray)Strided.Broadcast(array, Shapes.InMemory(shape));

        /// <summary>A row-major copy of its own.</summary>
        public TArray Copy() => (TArray)Strided.Copy(array);
    }
}
