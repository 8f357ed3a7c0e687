using System.Numerics;
using System.Numerics.Tensors;

namespace Orleans.Dask.Arrays.Kernels;

/// <summary>Running sums and products along one axis of a block.</summary>
internal static class Accumulate
{
    /// <param name="block">Row-major or not.</param>
    /// <param name="carry">What came before, with length 1 along the axis; null for nothing.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="product">Products instead of sums.</param>
    public static NDArray Run<T>(NDArray block, NDArray? carry, int axis, bool product)
        where T : unmanaged, INumberBase<T>
    {
        var result = new NDArray<T>(block.Dimensions);
        var from = ((NDArray<T>)Strided.Contiguous(block)).Span;
        var before = carry is null ? default : ((NDArray<T>)Strided.Contiguous(carry)).Span;
        var outer = block.Dimensions.Take(axis).Aggregate(1, (a, b) => a * b);
        var inner = block.Dimensions.Skip(axis + 1).Aggregate(1, (a, b) => a * b);
        var length = block.Dimensions[axis];
        var to = result.Data;
        for (var o = 0; o < outer && length > 0; o++)
        {
            if (inner == 1)
            {
                var total = before.IsEmpty ? product ? T.One : T.Zero : before[o];
                var row = from.Slice(o * length, length);
                var target = to.Slice(o * length, length);
                for (var k = 0; k < row.Length; k++)
                {
                    total = product ? total * row[k] : total + row[k];
                    target[k] = total;
                }

                continue;
            }

            var last = before.IsEmpty ? default : before.Slice(o * inner, inner);
            for (var k = 0; k < length; k++)
            {
                var row = from.Slice(((o * length) + k) * inner, inner);
                var target = to.Slice(((o * length) + k) * inner, inner);
                if (last.IsEmpty)
                {
                    row.CopyTo(target);
                }
                else if (product)
                {
                    TensorPrimitives.Multiply(last, row, target);
                }
                else
                {
                    TensorPrimitives.Add(last, row, target);
                }

                last = target;
            }
        }

        return result;
    }
}
