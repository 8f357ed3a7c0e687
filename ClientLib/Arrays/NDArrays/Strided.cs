using System.Globalization;

namespace Orleans.Dask.Arrays;

/// <summary>Arithmetic of shapes and strides, in elements.</summary>
internal static class Strided
{
    public static int[] RowMajor(ReadOnlySpan<int> shape)
    {
        var strides = new int[shape.Length];
        var step = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step = checked(step * Math.Max(1, shape[axis]));
        }

        return strides;
    }

    /// <summary>How many elements.</summary>
    public static int Size(ReadOnlySpan<int> shape)
    {
        var size = 1;
        foreach (var length in shape)
        {
            size = checked(size * length);
        }

        return size;
    }

    public static bool IsContiguous(ReadOnlySpan<int> shape, ReadOnlySpan<int> strides)
    {
        var step = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] == 0)
            {
                return true;
            }

            if (shape[axis] != 1 && strides[axis] != step)
            {
                return false;
            }

            step *= shape[axis];
        }

        return true;
    }

    /// <summary>Every position of a view lies within its buffer.</summary>
    /// <exception cref="ShapeException">It does not.</exception>
    public static void RequireInside(ReadOnlySpan<int> shape, ReadOnlySpan<int> strides, int offset, int length)
    {
        var (first, last, isEmpty) = ((long)offset, (long)offset, false);
        var isSound = shape.Length == strides.Length;
        for (var axis = 0; isSound && axis < shape.Length; axis++)
        {
            isSound = shape[axis] >= 0;
            isEmpty |= shape[axis] == 0;
            var reach = (shape[axis] - 1L) * strides[axis];
            (first, last) = reach < 0 ? (first + reach, last) : (first, last + reach);
        }

        if (!isSound || (!isEmpty && (first < 0 || last >= length)))
        {
            throw new ShapeException($"A view of shape {Text(shape)} with steps {Text(strides)} from place {offset} on does not lie within a buffer of {length} elements.");
        }
    }

    /// <summary>A row-major copy, whatever walk the source is.</summary>
    public static NDArray Copy(NDArray source)
    {
        var copy = NDArray.Allocate(source.DType, source.Dimensions);
        CopyTo(source, copy);
        return copy;
    }

    public static NDArray Contiguous(NDArray source) => source.IsContiguous ? source : Copy(source);

    /// <summary>Copies element by element; both have the same shape and type.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    public static unsafe void CopyTo(NDArray source, NDArray target)
    {
        if (source.DType != target.DType || !source.Dimensions.AsSpan().SequenceEqual(target.Dimensions))
        {
            throw new ShapeException($"A block of shape {Text(source.Dimensions)} and type {source.DType.Name()} does not fill one of shape {Text(target.Dimensions)} and type {target.DType.Name()}.");
        }

        if (source.Size == 0)
        {
            return;
        }

        using var from = source.Pin();
        using var to = target.Pin();
        var size = source.DType.Size();
        StridedCopy.Run(
            (byte*)from.Pointer + ((long)source.Offset * size), source.Steps,
            (byte*)to.Pointer + ((long)target.Offset * size), target.Steps, source.Dimensions, size);
    }

    /// <summary>Place in the buffer of one position.</summary>
    public static int Position(NDArray array, ReadOnlySpan<int> position)
    {
        if (position.Length != array.Rank)
        {
            throw new ArrayIndexException($"{position.Length} indices for an array of {array.Rank} axes; one element needs one per axis. To take part of the array write a range for the rest, as in x[1, ..].");
        }

        var offset = array.Offset;
        for (var axis = 0; axis < position.Length; axis++)
        {
            var length = array.Dimensions[axis];
            var index = position[axis] < 0 ? position[axis] + length : position[axis];
            if ((uint)index >= (uint)length)
            {
                throw new ArrayIndexException($"Index {position[axis]} is outside axis {axis} of length {length}.");
            }

            offset += index * array.Steps[axis];
        }

        return offset;
    }

    /// <summary>The view that repeats length-1 and missing axes to fill <paramref name="shape"/>.</summary>
    public static NDArray Broadcast(NDArray array, int[] shape)
    {
        if (array.Dimensions.AsSpan().SequenceEqual(shape))
        {
            return array;
        }

        var strides = new int[shape.Length];
        var missing = shape.Length - array.Rank;
        for (var axis = 0; axis < array.Rank; axis++)
        {
            if (missing < 0 || (array.Dimensions[axis] != shape[axis + missing] && array.Dimensions[axis] != 1))
            {
                throw new ShapeException($"Shape {Text(array.Dimensions)} does not broadcast to {Text(shape)}: aligned at the last axis, lengths must be equal or 1.");
            }

            strides[axis + missing] = array.Dimensions[axis] == 1 ? 0 : array.Steps[axis];
        }

        return missing < 0
            ? throw new ShapeException($"Shape {Text(array.Dimensions)} has more axes than {Text(shape)}.")
            : array.View(shape, strides, array.Offset);
    }

    /// <summary>The shape that all broadcast to.</summary>
    public static int[] BroadcastShape(params ReadOnlySpan<int[]> shapes)
    {
        var rank = 0;
        foreach (var shape in shapes)
        {
            rank = Math.Max(rank, shape.Length);
        }

        var result = new int[rank];
        Array.Fill(result, 1);
        foreach (var shape in shapes)
        {
            for (var axis = 0; axis < shape.Length; axis++)
            {
                ref var length = ref result[axis + rank - shape.Length];
                if (shape[axis] != 1 && length != 1 && length != shape[axis])
                {
                    throw new ShapeException($"Shapes {string.Join(" and ", shapes.ToArray().Select(s => Text(s)))} do not broadcast together: aligned at the last axis, lengths must be equal or 1.");
                }

                length = length == 1 ? shape[axis] : length;
            }
        }

        return result;
    }

    public static string Text<TInt>(params ReadOnlySpan<TInt> shape)
        where TInt : struct, IFormattable
    {
        var parts = new string[shape.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            parts[i] = shape[i].ToString(null, CultureInfo.InvariantCulture);
        }

        return parts.Length == 1 ? $"({parts[0]},)" : $"({string.Join(", ", parts)})";
    }

    /// <summary>The axis from 0, for one that may count from the end.</summary>
    public static int Axis(int axis, int rank) => axis >= -rank && axis < rank ? axis < 0 ? axis + rank : axis
        : throw new AxisException(rank == 0
            ? $"There is no axis {axis}: the array is a single value and has no axes."
            : $"There is no axis {axis}: the array has {rank} axes, 0 to {rank - 1}, or -{rank} to -1 from the end.");

    /// <summary>Axes from 0, sorted as given; all of them for null.</summary>
    public static int[] Axes(int[]? axes, int rank)
    {
        if (axes is null)
        {
            return [.. Enumerable.Range(0, rank)];
        }

        var result = Array.ConvertAll(axes, axis => Axis(axis, rank));
        return result.Distinct().Count() == result.Length ? result
            : throw new AxisException($"Axes {Text(axes)} name an axis twice. Name each once.");
    }
}
