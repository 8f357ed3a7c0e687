using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// A fused elementwise expression over one block. Arguments: the blocks of its leaves; before them, where
/// <paramref name="placed"/>, the block's shape and origin.
/// </summary>
internal sealed class BlockwiseFunction(string name, TileProgram program, bool placed) : TaskFunction, ILending
{
    public override string Name => name;

    // A user's function in it sees elements.
    public bool Lends => true;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        var (leaves, shape, origin) = Unpack(program, placed, arguments);
        return new(Elementwise.Run(program, leaves, shape, origin));
    }

    internal static (NDArray[] Leaves, int[] Shape, long[] Origin) Unpack(TileProgram program, bool placed, object?[] arguments)
    {
        var skip = placed ? 2 : 0;
        var leaves = new NDArray[arguments.Length - skip];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = (NDArray)arguments[i + skip]!;
        }

        return (leaves, placed && Array.TrueForAll((int[])arguments[0]!, s => s >= 0) ? (int[])arguments[0]! : ShapeOf(program, leaves), placed ? (long[])arguments[1]! : []);
    }

    private static int[] ShapeOf(TileProgram program, NDArray[] leaves)
    {
        var shape = new int[program.Rank];
        Array.Fill(shape, 1);
        foreach (var step in program.Code)
        {
            for (var axis = 0; step.Step == TileStep.Load && axis < shape.Length; axis++)
            {
                if (step.Axes![axis] is >= 0 and var from && leaves[step.Leaf].Dimensions[from] != 1)
                {
                    shape[axis] = leaves[step.Leaf].Dimensions[from];
                }
            }
        }

        return shape;
    }
}
