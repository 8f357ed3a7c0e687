namespace Orleans.Dask.Arrays;

/// <summary>
/// The chunks that values go through on their way to other chunks, so that no step has too many pairs of an old and a new
/// block that meet.
/// </summary>
/// <remarks>
/// From N chunks of rows to N of columns every new block takes a piece of every old one: N² pieces. By way of √N x √N blocks
/// each step has N √N:
/// <code>
///    ┌───────┐        ┌──┬──┬──┐        ┌┬┬┬┬┬┬┬┐
///    ├───────┤        │  │  │  │        ││││││││
///    ├───────┤   →    ├──┼──┼──┤   →    ││││││││
///    ├───────┤        │  │  │  │        ││││││││
///    └───────┘        └──┴──┴──┘        └┴┴┴┴┴┴┴┘
/// </code>
/// On each axis the step between has the geometric mean of the two numbers of chunks. So its blocks lie between the old
/// and the new ones in size, and nothing grows that neither side has. Its cuts are some of the finer side's, which leaves the
/// coarser side's blocks in few pieces. Values are copied once more for every step: it has to spare many pieces to pay.
/// </remarks>
internal static class RechunkPlan
{
    /// <summary>A step of at most so many pieces a block is taken as it is.</summary>
    private const int PiecesPerBlock = 16;

    /// <summary>The chunks after each step, the last being those wanted.</summary>
    public static List<long[][]> Steps(long[][] from, long[][] to)
    {
        var steps = new List<long[][]>();
        Add(from, to, steps);
        return steps;
    }

    /// <summary>How many pairs of an old and a new block have elements in common.</summary>
    public static long Pieces(long[][] from, long[][] to)
    {
        var pieces = 1L;
        for (var axis = 0; axis < from.Length; axis++)
        {
            pieces *= Unify.Common([from[axis], to[axis]], axis).Length;
        }

        return pieces;
    }

    private static void Add(long[][] from, long[][] to, List<long[][]> steps)
    {
        if (Pieces(from, to) > PiecesPerBlock * Math.Max(Blocks(from), Blocks(to)))
        {
            var between = Enumerable.Range(0, from.Length).Select(axis => Between(from[axis], to[axis])).ToArray();
            if (!Rechunk.Same(between, from) && !Rechunk.Same(between, to))
            {
                Add(from, between, steps);
                Add(between, to, steps);
                return;
            }
        }

        steps.Add(to);
    }

    private static long Blocks(long[][] chunks) => chunks.Aggregate(1L, (blocks, sizes) => blocks * sizes.Length);

    private static long[] Between(long[] from, long[] to)
    {
        var finer = from.Length >= to.Length ? from : to;
        var wanted = (int)Math.Ceiling(Math.Sqrt((double)from.Length * to.Length));
        if (wanted >= finer.Length)
        {
            return finer;
        }

        // As even as the finer side's cuts allow.
        var result = new List<long>(wanted);
        var (length, done, begun) = (finer.Sum(), 0L, 0L);
        foreach (var size in finer)
        {
            done += size;
            if (done * wanted >= length * (result.Count + 1L) || done == length)
            {
                result.Add(done - begun);
                begun = done;
                if (done == length)
                {
                    break;
                }
            }
        }

        return [.. result];
    }
}
