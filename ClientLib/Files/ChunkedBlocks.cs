using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Puts a part of a stored array together from the chunks it touches, each asked for once.</summary>
internal static unsafe class ChunkedBlocks
{
    /// <summary>Fills a view with part of one chunk.</summary>
    /// <param name="chunk">Its place among the chunks.</param>
    /// <param name="from">Where the part begins in it.</param>
    /// <param name="size">Lengths of the part.</param>
    /// <param name="target">As long.</param>
    public delegate void ReadPart(int[] chunk, int[] from, int[] size, NDArray target);

    /// <summary>The first chunk that a part touches, and how many along each axis.</summary>
    public static (int[] First, int[] Count) Touched(int[] chunks, long[] origin, int[] shape)
    {
        var (first, count) = (new int[shape.Length], new int[shape.Length]);
        for (var axis = 0; axis < shape.Length; axis++)
        {
            first[axis] = checked((int)(origin[axis] / chunks[axis]));
            count[axis] = checked((int)((origin[axis] + shape[axis] - 1) / chunks[axis])) - first[axis] + 1;
        }

        return (first, count);
    }

    public static NDArray Read(DType type, int[] chunks, long[] origin, int[] shape, ReadPart read)
    {
        var result = NDArray.Allocate(type, shape);
        if (result.Size == 0)
        {
            return result;
        }

        var (first, count) = Touched(chunks, origin, shape);
        var place = new int[shape.Length];
        do
        {
            int[] chunk = [.. place.Zip(first, (at, begin) => at + begin)];
            Part(chunks, chunk, origin, result, read);
        }
        while (Walk.Next(place, count));
        return result;
    }

    /// <summary>Reads what of a chunk falls into an array.</summary>
    /// <param name="chunks">Lengths of a chunk.</param>
    /// <param name="chunk">Its place among the chunks.</param>
    /// <param name="origin">Where the array begins.</param>
    /// <param name="result">The array.</param>
    /// <param name="read">Fills the part.</param>
    public static void Part(int[] chunks, int[] chunk, long[] origin, NDArray result, ReadPart read)
    {
        var rank = chunk.Length;
        var (from, to, size) = (new int[rank], new AxisIndex[rank], new int[rank]);
        for (var axis = 0; axis < rank; axis++)
        {
            var begin = Math.Max(origin[axis], (long)chunk[axis] * chunks[axis]);
            var end = Math.Min(origin[axis] + result.Dimensions[axis], ((long)chunk[axis] + 1) * chunks[axis]);
            from[axis] = (int)(begin - ((long)chunk[axis] * chunks[axis]));
            size[axis] = (int)(end - begin);
            to[axis] = new AxisIndex(begin - origin[axis], 1, size[axis]);
        }

        read(chunk, from, size, Indexer.Take(result, to));
    }

    /// <summary>Takes a part out of a chunk's plain bytes.</summary>
    public static void Place(ReadOnlySpan<byte> plain, NumpyType type, int[] chunks, bool fortranOrder, int[] from, int[] size, NDArray target)
    {
        var steps = StoredElements.Steps(Array.ConvertAll(chunks, n => (long)n), fortranOrder);
        long first = 0;
        for (var axis = 0; axis < from.Length; axis++)
        {
            first += from[axis] * steps[axis];
        }

        fixed (byte* bytes = plain)
        {
            StoredElements.Into(target, type, bytes + (first * type.Size), steps, size);
        }
    }

    /// <summary>The same element everywhere.</summary>
    public static void Fill(NDArray target, NDArray one) => Strided.CopyTo(Strided.Broadcast(one, target.Dimensions), target);
}
