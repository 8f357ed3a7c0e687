using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Products of arrays.</summary>
public static class DaskArrayProducts
{
    /// <param name="array">The left one.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, INumberBase<T>
    {
        /// <summary>Matrix product; leading axes are stacks that broadcast, a single axis is a row (left) or a column (right).</summary>
        public DaskArray<T> MatMul(DaskArray<T> other)
        {
            if (array.Rank == 0 || other.Rank == 0)
            {
                throw new ShapeException("MatMul takes no single values. Multiply with * instead.");
            }

            if (array.Rank <= 2 && other.Rank <= 2)
            {
                return array.Dot(other);
            }

            var left = array.Rank == 1 ? array.ExpandDims(0) : array;
            var right = other.Rank == 1 ? other.ExpandDims(1) : other;
            var stack = Shapes.Broadcast(left.Recipe.Shape[..^2], right.Recipe.Shape[..^2]);
            left = left.BroadcastTo((long[])[.. stack, .. left.Recipe.Shape[^2..]]);
            right = right.BroadcastTo((long[])[.. stack, .. right.Recipe.Shape[^2..]]);
            DaskArray<T> product = new(Contraction.Lower<T>(left.Recipe, right.Recipe, [left.Rank - 1], [right.Rank - 2], stack.Length));
            product = other.Rank == 1 ? product.Squeeze(-1) : product;
            return array.Rank == 1 ? product.Squeeze(other.Rank == 1 ? -1 : -2) : product;
        }

        /// <summary>Sum over the last axis of this and the second to last of the other (its only one); with a single value the plain product.</summary>
        public DaskArray<T> Dot(DaskArray<T> other) => array.Rank == 0 || other.Rank == 0 ? array * other
            : new(Contraction.Lower<T>(array.Recipe, other.Recipe, [array.Rank - 1], [Math.Max(0, other.Rank - 2)], 0));

        /// <summary>Of the flattened arrays, the first conjugated.</summary>
        public DaskArray<T> VDot(DaskArray<T> other) => array.Conj().Ravel().Dot(other.Ravel());

        /// <summary>Sum over the last axes of both.</summary>
        public DaskArray<T> Inner(DaskArray<T> other) => array.Rank == 0 || other.Rank == 0 ? array * other
            : new(Contraction.Lower<T>(array.Recipe, other.Recipe, [array.Rank - 1], [other.Rank - 1], 0));

        /// <summary>Every product of an element of this with one of the other, both flattened.</summary>
        public DaskArray<T> Outer(DaskArray<T> other) => array.Ravel().ExpandDims(1) * other.Ravel();

        /// <summary>Sum over the last <paramref name="axes"/> axes of this and the first of the other.</summary>
        public DaskArray<T> TensorDot(DaskArray<T> other, int axes = 2)
        {
            if (axes < 0 || axes > array.Rank || axes > other.Rank)
            {
                throw new AxisException($"{axes} axes can't be summed: the arrays have {array.Rank} and {other.Rank}.");
            }

            return new(Contraction.Lower<T>(array.Recipe, other.Recipe, [.. Enumerable.Range(array.Rank - axes, axes)], [.. Enumerable.Range(0, axes)], 0));
        }

        /// <summary>Sum over the named axes, paired.</summary>
        public DaskArray<T> TensorDot(DaskArray<T> other, (Axes Left, Axes Right) axes)
        {
            var (left, right) = (axes.Left.Resolve(array.Rank), axes.Right.Resolve(other.Rank));
            return left.Length == right.Length ? new(Contraction.Lower<T>(array.Recipe, other.Recipe, left, right, 0))
                : throw new AxisException($"{left.Length} axes of the first and {right.Length} of the second don't pair up.");
        }

        /// <summary>Kronecker product: each element of this times the whole other.</summary>
        public DaskArray<T> Kron(DaskArray<T> other)
        {
            var rank = Math.Max(array.Rank, other.Rank);
            long[] Padded(DaskArray<T> x) => [.. Enumerable.Repeat(1L, rank - x.Rank), .. x.Recipe.Shape];
            var (a, b) = (Padded(array), Padded(other));
            var left = array.Reshape((long[])[.. a.SelectMany(l => new[] { l, 1 })]);
            var right = other.Reshape((long[])[.. b.SelectMany(l => new[] { 1, l })]);
            return (left * right).Reshape((long[])[.. a.Zip(b, (x, y) => x * y)]);
        }
    }

    extension(DaskArray)
    {
        /// <summary>Einstein summation, such as <c>"ij,jk->ik"</c>; without an arrow the letters that occur once remain, in alphabetical order.</summary>
        /// <param name="subscripts">Letters per axis; an ellipsis stands for axes that broadcast.</param>
        /// <param name="operands">The arrays.</param>
        /// <param name="splitEvery">How many chunks one task combines.</param>
        public static DaskArray<T> Einsum<T>(string subscripts, IReadOnlyList<DaskArray<T>> operands, int splitEvery = ReduceLayers.DefaultSplitEvery)
            where T : unmanaged => new(Einstein.Lower(subscripts, [.. operands.Select(o => o.Recipe)], splitEvery));
    }
}
