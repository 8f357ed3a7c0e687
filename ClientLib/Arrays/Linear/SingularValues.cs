using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>What a norm takes of a matrix's singular values.</summary>
internal enum SpectralNorm
{
    Largest,
    Smallest,
    Sum,
}

/// <summary>Norms by singular values, of every matrix of a stack.</summary>
internal static class SingularValues
{
    /// <summary>One value per matrix; both axes stay with length 1.</summary>
    public static DaskArray<T> Along<T>(DaskArray<T> array, int rows, int columns, SpectralNorm norm)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var source = BlockMap.Whole(array.Recipe, rows, columns);
        var chunks = (long[][])source.Chunks.Clone();
        chunks[rows] = chunks[columns] = Shapes.One;
        return new(BlockMap.Each("norm", ArrayToken.Of(norm, rows, columns), array.DType, source, chunks, block =>
        {
            int[] others = [.. Enumerable.Range(0, block.Rank).Where(a => a != rows && a != columns)];
            int m = block.Dimensions[rows], n = block.Dimensions[columns];
            var stack = ((NDArray<T>)block.Transpose([.. others, rows, columns])).Span;
            int[] shape = [.. block.Dimensions.Select((l, a) => a == rows || a == columns ? 1 : l)];
            var result = new NDArray<T>(shape);
            for (var i = 0; i < result.Size; i++)
            {
                var values = ((NDArray<T>)Dense.Svd<T>(new NDArray<T>(stack.Slice(i * m * n, m * n).ToArray(), [m, n]))[1]).Span;
                var sum = T.Zero;
                foreach (var value in values)
                {
                    sum += value;
                }

                result.Data[i] = norm switch
                {
                    SpectralNorm.Largest => values[0],
                    SpectralNorm.Smallest => values[^1],
                    _ => sum,
                };
            }

            return result;
        }));
    }
}
