using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>The blocks of a chunked shape, numbered in row-major order, and where each begins.</summary>
[PayloadCodec(typeof(LeftBehindCodec<BlockGrid>))]
internal sealed class BlockGrid
{
    private readonly long[][] _starts;

    public BlockGrid(long[][] chunks)
    {
        Chunks = chunks;
        Counts = Array.ConvertAll(chunks, c => c.Length);
        Count = checked(Counts.Aggregate(1, (a, b) => a * b));
        _starts = Array.ConvertAll(chunks, sizes =>
        {
            var starts = new long[sizes.Length + 1];
            for (var i = 0; i < sizes.Length; i++)
            {
                starts[i + 1] = starts[i] + Math.Max(0, sizes[i]);
            }

            return starts;
        });
    }

    public long[][] Chunks { get; }

    /// <summary>Blocks per axis.</summary>
    public int[] Counts { get; }

    /// <summary>Blocks altogether; one for an array without axes.</summary>
    public int Count { get; }

    public int Rank => Counts.Length;

    public int[] Position(int index)
    {
        var position = new int[Counts.Length];
        for (var axis = Counts.Length - 1; axis >= 0; axis--)
        {
            (index, position[axis]) = Math.DivRem(index, Counts[axis]);
        }

        return position;
    }

    public int Index(ReadOnlySpan<int> position)
    {
        var index = 0;
        for (var axis = 0; axis < Counts.Length; axis++)
        {
            index = (index * Counts[axis]) + position[axis];
        }

        return index;
    }

    public long[] Origin(ReadOnlySpan<int> position)
    {
        var origin = new long[position.Length];
        for (var axis = 0; axis < origin.Length; axis++)
        {
            origin[axis] = _starts[axis][position[axis]];
        }

        return origin;
    }

    /// <summary>Lengths of a block; -1 where unknown.</summary>
    public int[] Shape(ReadOnlySpan<int> position)
    {
        var shape = new int[position.Length];
        for (var axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = checked((int)Chunks[axis][position[axis]]);
        }

        return shape;
    }

    /// <summary>Where the chunks of an axis begin, and its end.</summary>
    public long[] Starts(int axis) => _starts[axis];
}
