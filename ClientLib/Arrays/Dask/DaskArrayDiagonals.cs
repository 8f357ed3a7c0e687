using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Diagonals.</summary>
public static class DaskArrayDiagonals
{
    /// <param name="array">The array.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>Of one axis: the matrix with it on diagonal k. Of two: that diagonal.</summary>
        public DaskArray<T> Diag(int k = 0)
        {
            if (array.Rank == 2)
            {
                return array.Diagonal(k);
            }

            if (array.Rank != 1)
            {
                throw new ShapeException($"Diag takes one axis or two, found {array.Rank}. For more axes see Diagonal.");
            }

            var (above, left) = (Math.Max(0, -k), Math.Max(0, k));
            long[] rows = [.. above > 0 ? new[] { (long)above } : [], .. array.Recipe.Chunks[0], .. left > 0 ? new[] { (long)left } : []];
            long[] columns = [.. left > 0 ? new[] { (long)left } : [], .. array.Recipe.Chunks[0], .. above > 0 ? new[] { (long)above } : []];

            // The values stand beside their diagonal in each column; the mask picks them.
            var padding = Element.Constant(array.DType, default(T), [[left]]);
            var after = Element.Constant(array.DType, default(T), [[above]]);
            var row = Join.Concatenate([.. left > 0 ? new[] { padding } : [], array.Recipe, .. above > 0 ? new[] { after } : []], 0);
            var mask = Creation.Diagonal(rows, columns, k);
            return new(Element.Where(mask, row, Element.Scalar(array.DType, default(T))));
        }

        /// <summary>A diagonal of the planes of two axes; it becomes the last axis.</summary>
        public DaskArray<T> Diagonal(int offset = 0, int axis1 = 0, int axis2 = 1)
        {
            if (array.Rank < 2)
            {
                throw new AxisException($"A diagonal needs two axes, shape {Strided.Text(array.Recipe.Shape)} has {array.Rank}.");
            }

            var pair = Strided.Axes([axis1, axis2], array.Rank);
            var moved = array.MoveAxis(pair, [-2, -1]);
            var (rows, columns) = (moved.Shape[^2], moved.Shape[^1]);
            var (top, left) = (Math.Max(0, -offset), Math.Max(0, offset));
            var length = Math.Max(0, Math.Min(rows - top, columns - left));
            var square = moved[IndexItem.Ellipsis, new Slice(top, top + length), new Slice(left, left + length)];
            return new(BlockMap.Diagonal(square.Recipe, length));
        }
    }
}
