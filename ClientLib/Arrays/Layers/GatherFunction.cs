using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Puts one block together. Arguments: its shape, per axis its pieces, and the blocks in row-major order of the pieces. Of a
/// block that lies on the disk, a piece is read straight to its place.
/// </summary>
internal sealed class GatherFunction(string name, DType type) : TaskFunction, ILending, ITakesSpilled
{
    public override string Name => name;

    public bool Lends => true;

    public bool TakesSpilled => true;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context) =>
        new(Run((int[])arguments[0]!, (AxisPiece[][])arguments[1]!, (object?[])arguments[2]!));

    private NDArray Run(int[] shape, AxisPiece[][] pieces, object?[] blocks)
    {
        if (blocks is [NDArray only])
        {
            return Single(only, shape, pieces);
        }

        var result = NDArray.Allocate(type, shape);
        var counts = Array.ConvertAll(pieces, p => p.Length);
        var place = new int[counts.Length];
        for (var i = 0; i < blocks.Length; i++)
        {
            var spilled = (blocks[i] as SpilledValue)?.Form(0) as RawArray;
            var lengths = spilled?.Dimensions ?? ((NDArray)blocks[i]!).Dimensions;
            var from = new AxisIndex[place.Length];
            var to = new AxisIndex[place.Length];
            for (var axis = 0; axis < place.Length; axis++)
            {
                var piece = pieces[axis][place[axis]];
                from[axis] = piece.From ?? AxisIndex.Whole(lengths[axis]);
                to[axis] = piece.To ?? AxisIndex.Whole(lengths[axis]);
            }

            if (spilled is not null && Array.TrueForAll(to, t => t.List is null))
            {
                spilled.ReadInto(Indexer.Take(result, to), from);
            }
            else
            {
                Scatter.Into(result, to, Indexer.Take((NDArray)(spilled?.Read() ?? blocks[i]!), from));
            }

            Walk.Next(place, counts);
        }

        return result;
    }

    /// <summary>A view where one block is enough, unless it would keep much more alive than it shows.</summary>
    private static NDArray Single(NDArray block, int[] shape, AxisPiece[][] pieces)
    {
        var from = new AxisIndex[pieces.Length];
        for (var axis = 0; axis < from.Length; axis++)
        {
            from[axis] = pieces[axis][0].From ?? AxisIndex.Whole(block.Dimensions[axis]);
        }

        var taken = Indexer.Take(block, from);
        for (var axis = 0; axis < pieces.Length; axis++)
        {
            if (pieces[axis][0].To is { List: not null })
            {
                var result = NDArray.Allocate(block.DType, shape);
                Scatter.Into(result, Array.ConvertAll(pieces, p => p[0].To ?? AxisIndex.Whole(taken.Size)), taken);
                return result;
            }
        }

        return (long)taken.Size * 2 >= taken.Buffer.Length ? taken : Strided.Copy(taken);
    }
}
