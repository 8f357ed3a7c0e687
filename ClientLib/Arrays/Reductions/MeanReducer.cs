using System.Numerics;
using System.Numerics.Tensors;

namespace Orleans.Dask.Arrays;

/// <summary>A sum and how many it sums, per place that is left.</summary>
internal sealed unsafe class MeanReducer<T>(DType result) : Reducer
    where T : unmanaged, INumberBase<T>
{
    private readonly FoldReducer<SumFold<T>, T> _sum = new();

    public override DType Input => DTypes.Of<T>();

    public override DType Result => result;

    public override NDArray[] Start(int[] shape)
    {
        var count = new NDArray<long>(shape);
        count.Data.Clear();
        return [_sum.Start(shape)[0], count];
    }

    public override void Fold(byte* tile, byte** parts, long offset, int rows, int columns, long rowStep, long columnStep)
    {
        _sum.Fold(tile, parts, offset, rows, columns, rowStep, columnStep);
        var count = (long*)parts[1] + offset;
        if (rowStep == 0 && columnStep == 0)
        {
            *count += (long)rows * columns;
            return;
        }

        for (var row = 0; row < rows; row++, count += rowStep)
        {
            if (columnStep == 0)
            {
                *count += columns;
            }
            else if (rowStep == 0 && columnStep == 1)
            {
                var counts = new Span<long>(count, columns);
                TensorPrimitives.Add(counts, rows, counts);
                return;
            }
            else if (rowStep == 0)
            {
                for (long column = 0; column < columns; column++)
                {
                    count[column * columnStep] += rows;
                }

                return;
            }
            else
            {
                for (long column = 0; column < columns; column++)
                {
                    count[column * columnStep]++;
                }
            }
        }
    }

    public override void Merge(NDArray[] into, NDArray[] from)
    {
        _sum.Merge(into, from);
        TensorPrimitives.Add(((NDArray<long>)into[1]).Data, ((NDArray<long>)from[1]).Span, ((NDArray<long>)into[1]).Data);
    }

    public override NDArray Finish(NDArray[] parts) =>
        Elementwise.Call("divide", parts[0], parts[1]).AsType(result);
}
