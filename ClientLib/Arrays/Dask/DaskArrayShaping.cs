using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Other shapes of the same elements.</summary>
public static class DaskArrayShaping
{
    /// <param name="array">The array.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>The elements in row-major order under another shape; one length may be -1.</summary>
        public DaskArray<T> Reshape(Shape shape) => new(Orleans.Dask.Arrays.Reshape.To(array.Recipe, shape.Lengths));

        /// <summary>One axis, row-major.</summary>
        public DaskArray<T> Ravel() => array.Reshape(-1);

        /// <summary>One axis, row-major.</summary>
        public DaskArray<T> Flatten() => array.Reshape(-1);

        /// <summary>Two axes exchanged.</summary>
        public DaskArray<T> SwapAxes(int axis1, int axis2)
        {
            var order = Enumerable.Range(0, array.Rank).ToArray();
            (axis1, axis2) = (Strided.Axis(axis1, array.Rank), Strided.Axis(axis2, array.Rank));
            (order[axis1], order[axis2]) = (axis2, axis1);
            return Order(array, order);
        }

        /// <summary>Axes moved to new positions; the others keep their order.</summary>
        public DaskArray<T> MoveAxis(Axes source, Axes destination)
        {
            var (from, to) = (source.Resolve(array.Rank), destination.Resolve(array.Rank));
            if (from.Length != to.Length)
            {
                throw new AxisException($"{from.Length} axes can't move to {to.Length} positions. Name one position for each.");
            }

            var order = Enumerable.Range(0, array.Rank).Where(a => !from.Contains(a)).ToList();
            foreach (var (axis, place) in from.Zip(to).OrderBy(p => p.Second))
            {
                order.Insert(place, axis);
            }

            return Order(array, [.. order]);
        }

        /// <summary>One axis rolled back until it lies before <paramref name="start"/>.</summary>
        public DaskArray<T> RollAxis(int axis, int start = 0)
        {
            axis = Strided.Axis(axis, array.Rank);
            start = start == array.Rank ? start : Strided.Axis(start, array.Rank);
            var order = Enumerable.Range(0, array.Rank).Where(a => a != axis).ToList();
            order.Insert(start > axis ? start - 1 : start, axis);
            return Order(array, [.. order]);
        }

        /// <summary>Axes of length 1 at these positions of the result.</summary>
        public DaskArray<T> ExpandDims(Axes axis)
        {
            var axes = axis.List ?? throw new AxisException("ExpandDims needs to know where. Name one position or several.");
            return new(Join.ExpandDims(array.Recipe, Strided.Axes(axes, array.Rank + axes.Length)));
        }

        /// <summary>Without axes of length 1: all of them, or the named.</summary>
        public DaskArray<T> Squeeze(Axes axis = default)
        {
            var drop = axis.List is null ? [.. Enumerable.Range(0, array.Rank).Where(a => array.Shape[a] == 1)] : axis.Resolve(array.Rank);
            if (Array.Find(drop, a => array.Shape[a] != 1) is var wrong && Array.Exists(drop, a => array.Shape[a] != 1))
            {
                throw new ShapeException($"Axis {wrong} has length {array.Shape[wrong]} and can't be squeezed; only axes of length 1 can.");
            }

            var chunks = (long[][])array.Recipe.Chunks.Clone();
            foreach (var a in drop)
            {
                chunks[a] = [1];
            }

            int[] order = [.. Enumerable.Range(0, array.Rank).Where(a => !drop.Contains(a))];
            return new(Element.Axes(Orleans.Dask.Arrays.Rechunk.To(array.Recipe, chunks), order, Array.ConvertAll(order, a => chunks[a])));
        }

        /// <summary>Reversed along axes; along all without one.</summary>
        public DaskArray<T> Flip(Axes axis = default)
        {
            var axes = Array.ConvertAll(array.Recipe.Shape, AxisIndex.Whole);
            foreach (var a in axis.Resolve(array.Rank))
            {
                axes[a] = new AxisIndex(Math.Max(0, array.Shape[a] - 1), -1, array.Shape[a]);
            }

            return new(Selection.Take(array.Recipe, axes, "flip"));
        }

        /// <summary>Reversed along axis 0.</summary>
        public DaskArray<T> FlipUd() => array.Flip(0);

        /// <summary>Reversed along axis 1.</summary>
        public DaskArray<T> FlipLr() => array.Flip(1);

        /// <summary>Turned by k quarters from the first toward the second of two axes.</summary>
        public DaskArray<T> Rot90(int k = 1, Axes axes = default)
        {
            var plane = axes.List is null ? new int[] { 0, 1 } : axes;
            var both = plane.Resolve(array.Rank);
            if (both.Length != 2)
            {
                throw new AxisException($"A rotation takes two axes, found {both.Length}.");
            }

            return (k & 3) switch
            {
                0 => array,
                1 => array.Flip(both[1]).SwapAxes(both[0], both[1]),
                2 => array.Flip(both),
                _ => array.SwapAxes(both[0], both[1]).Flip(both[1]),
            };
        }

        /// <summary>Shifted in a circle along axes; without one the flattened elements are, and the shape stays.</summary>
        public DaskArray<T> Roll(Axes shift, Axes axis = default)
        {
            var shifts = shift.List ?? throw new ArrayException("Roll needs to know how far. Pass one shift, or one per axis.");
            if (axis.List is null)
            {
                return array.Ravel().Roll(shifts.Sum(), 0).Reshape(array.Recipe.Shape);
            }

            var axes = Array.ConvertAll(axis.List, a => Strided.Axis(a, array.Rank));
            var result = array.Recipe;
            for (var i = 0; i < Math.Max(axes.Length, shifts.Length); i++)
            {
                var place = axes[axes.Length == 1 ? 0 : i];
                var length = array.Shape[place];
                var by = length == 0 ? 0 : ((shifts[shifts.Length == 1 ? 0 : i] % length) + length) % length;
                if (by != 0)
                {
                    result = Join.Concatenate([
                        Selection.Take(result, place, new AxisIndex(length - by, 1, by)),
                        Selection.Take(result, place, new AxisIndex(0, 1, length - by))], place);
                }
            }

            return new(result);
        }

        /// <summary>Repeats axes of length 1, and new first axes, to fill a shape.</summary>
        public DaskArray<T> BroadcastTo(Shape shape)
        {
            var target = shape.Checked();
            var missing = target.Length - array.Rank;
            if (missing < 0)
            {
                throw new ShapeException($"Shape {Strided.Text(array.Recipe.Shape)} has more axes than {Strided.Text(target)}.");
            }

            return new(Element.BroadcastTo(array.Recipe, target, [.. target.Select((l, axis) =>
                axis >= missing && array.Shape[axis - missing] == l ? array.Recipe.Chunks[axis - missing] : [l])]));
        }

        /// <summary>At least one axis.</summary>
        public DaskArray<T> AtLeast1D() => array.Rank > 0 ? array : array.ExpandDims(0);

        /// <summary>At least two axes; new ones come first.</summary>
        public DaskArray<T> AtLeast2D() => array.Rank > 1 ? array : array.AtLeast1D().ExpandDims(0);

        /// <summary>At least three axes: (n) becomes (1, n, 1), (m, n) becomes (m, n, 1).</summary>
        public DaskArray<T> AtLeast3D() => array.Rank > 2 ? array : array.AtLeast2D().ExpandDims(2);

        /// <summary>The whole array side by side, so often along each axis; aligned at the last axes.</summary>
        public DaskArray<T> Tile(Shape reps)
        {
            var times = reps.Checked();
            var result = array;
            while (result.Rank < times.Length)
            {
                result = result.ExpandDims(0);
            }

            for (var axis = 0; axis < times.Length; axis++)
            {
                var place = result.Rank - times.Length + axis;
                var length = times[axis] == 1 ? 0 : Shapes.Known(result.Recipe, place);
                result = times[axis] == 1 ? result
                    : new(Selection.Take(result.Recipe, place, AxisIndex.Of([.. Enumerable.Range(0, Times(length, times[axis])).Select(i => i % length)]), "tile"));
            }

            return result;
        }

        /// <summary>Each entry so often in a row; of the flattened elements without an axis.</summary>
        public DaskArray<T> Repeat(int repeats, int? axis = null)
        {
            if (repeats < 0)
            {
                throw new ArrayException($"{repeats} repeats can't be made. Pass 0 or more.");
            }

            var flat = axis is null ? array.Ravel() : array;
            var place = Strided.Axis(axis ?? 0, flat.Rank);
            return new(Selection.Take(flat.Recipe, place, AxisIndex.Of([.. Enumerable.Range(0, Times(Shapes.Known(flat.Recipe, place), repeats)).Select(i => (long)i / repeats)]), "repeat"));
        }

        /// <summary>Zero above diagonal k of the last two axes.</summary>
        public DaskArray<T> Tril(int k = 0) => Triangle(array, k, lower: true);

        /// <summary>Zero below diagonal k of the last two axes.</summary>
        public DaskArray<T> Triu(int k = 0) => Triangle(array, k, lower: false);

        /// <summary>Joined with another; without an axis both are flattened.</summary>
        public DaskArray<T> Append(DaskArray<T> other, int? axis = null) =>
            axis is { } a ? DaskArray.Concatenate([array, other], a) : DaskArray.Concatenate([array.Ravel(), other.Ravel()], 0);
    }

    private static DaskArray<T> Order<T>(DaskArray<T> array, int[] order)
        where T : unmanaged => new(Element.Axes(array.Recipe, order, Array.ConvertAll(order, a => array.Recipe.Chunks[a])));

    private static DaskArray<T> Triangle<T>(DaskArray<T> array, int k, bool lower)
        where T : unmanaged
    {
        if (array.Rank < 2)
        {
            throw new ShapeException($"A triangle needs two axes, shape {Strided.Text(array.Recipe.Shape)} has {array.Rank}.");
        }

        var inside = Creation.Triangle(array.Recipe.Chunks[^2], array.Recipe.Chunks[^1], lower ? k : k - 1);
        var (x, zero) = (array.Recipe, Element.Scalar(array.DType, default(T)));
        return new(lower ? Element.Where(inside, x, zero) : Element.Where(inside, zero, x));
    }

    /// <summary>The length of an axis that stands so often.</summary>
    private static int Times(long length, long times) => (Int128)length * times <= int.MaxValue ? (int)(length * times)
        : throw new ArrayException($"An axis of length {length} can't stand {times} times: that is more than {int.MaxValue} entries. Pass fewer.");
}
