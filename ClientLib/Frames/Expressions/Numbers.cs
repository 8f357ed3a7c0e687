using System.Numerics.Tensors;

namespace Orleans.Dask.Frames;

/// <summary>Columns of numbers as spans of one type.</summary>
internal static class Numbers
{
    /// <summary>As doubles; missing ones are NaN.</summary>
    public static ReadOnlySpan<double> Doubles(Column column)
    {
        if (column is Float64Column doubles)
        {
            return doubles.Values;
        }

        var converted = GC.AllocateUninitializedArray<double>(column.Length);
        TensorPrimitives.ConvertSaturating(Integers(column), converted);
        if (column.Valid is { } valid)
        {
            for (var row = 0; row < converted.Length; row++)
            {
                if (!Validity.IsSet(valid, row))
                {
                    converted[row] = double.NaN;
                }
            }
        }

        return converted;
    }

    /// <summary>Integers, times as nanoseconds, booleans as 0 and 1.</summary>
    public static ReadOnlySpan<long> Integers(Column column)
    {
        if (column is Column<long> integers)
        {
            return integers.Values;
        }

        if (column is not BooleanColumn booleans)
        {
            throw new FrameException($"Integers are needed here, found {column.Type}.");
        }

        var converted = new long[column.Length];
        for (var row = 0; row < converted.Length; row++)
        {
            converted[row] = booleans.Array[row] ? 1 : 0;
        }

        return converted;
    }
}
