namespace Orleans.Dask.Arrays;

/// <summary>Arithmetic of the shapes of chunked arrays; -1 stands for a length that is not known yet.</summary>
internal static class Shapes
{
    public const long Unknown = -1;

    /// <summary>The chunks of an axis of length 1.</summary>
    public static readonly long[] One = [1];

    /// <summary>The shape with its one -1 worked out.</summary>
    public static long[] Infer(long[] shape, long size)
    {
        Int128 known = 1;
        var open = -1;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] == -1 && open < 0)
            {
                open = axis;
            }
            else if (shape[axis] < 0)
            {
                throw new ShapeException($"Shape {Strided.Text(shape)} has {(shape[axis] == -1 ? "two lengths of -1" : "a negative length")}. Only one may be left open, as -1.");
            }
            else
            {
                known = Int128.Min(known * shape[axis], long.MaxValue);
            }
        }

        var result = (long[])shape.Clone();
        if (open >= 0 && known > 0 && size % known == 0)
        {
            result[open] = (long)(size / known);
            known = size;
        }

        return known == size && (open < 0 || result[open] >= 0) ? result
            : throw new ShapeException($"{size} elements do not fill shape {Strided.Text(shape)}. The lengths must multiply to {size}.");
    }

    /// <summary>The shape of an array in memory, if it can be one.</summary>
    /// <exception cref="ShapeException">It can't.</exception>
    public static int[] InMemory(int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var size = 1L;
        foreach (var length in shape)
        {
            // Steps count through axes without elements too.
            size = Math.Min(size * Math.Max(1, length), int.MaxValue);
            if (length < 0)
            {
                throw new ShapeException($"Shape {Strided.Text(shape)} has a negative length. Lengths count from 0.");
            }
        }

        return size <= Array.MaxLength ? shape : throw new ShapeException($"Shape {Strided.Text(shape)} is beyond the {Array.MaxLength} elements that an array in memory has at most. Use a DaskArray, or a smaller shape.");
    }

    /// <summary>The length of an axis, for what can't do without.</summary>
    public static long Known(Recipe recipe, int axis) => recipe.Shape[axis] is >= 0 and var length ? length
        : throw new ChunkException($"Axis {axis} has chunks of unknown sizes. Call ComputeChunkSizesAsync first.");

    public static long Size(ReadOnlySpan<long> shape)
    {
        long size = 1;
        foreach (var length in shape)
        {
            if (length < 0)
            {
                return Unknown;
            }

            size = checked(size * length);
        }

        return size;
    }

    public static long[] Broadcast(params ReadOnlySpan<long[]> shapes)
    {
        var rank = 0;
        foreach (var shape in shapes)
        {
            rank = Math.Max(rank, shape.Length);
        }

        var result = new long[rank];
        Array.Fill(result, 1);
        foreach (var shape in shapes)
        {
            for (var axis = 0; axis < shape.Length; axis++)
            {
                ref var length = ref result[axis + rank - shape.Length];
                if (shape[axis] == 1 || shape[axis] == length)
                {
                    continue;
                }

                if (length != 1 && length >= 0 && shape[axis] >= 0)
                {
                    throw new ShapeException($"Shapes {string.Join(" and ", shapes.ToArray().Select(s => Strided.Text(s)))} do not broadcast together: aligned at the last axis, lengths must be equal or 1.");
                }

                length = length == 1 || length < 0 ? shape[axis] : length;
            }
        }

        return result;
    }
}
