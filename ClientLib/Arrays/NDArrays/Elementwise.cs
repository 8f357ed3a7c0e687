namespace Orleans.Dask.Arrays;

/// <summary>Elementwise functions of arrays in memory: a program of one function, evaluated at once.</summary>
internal static class Elementwise
{
    /// <summary>A function by name; arguments broadcast, and are converted to the type it works in.</summary>
    public static NDArray Call(string name, params NDArray[] arguments) => Evaluate(arguments, (builder, loads) => builder.Call(name, loads));

    public static NDArray Convert(NDArray array, DType type) =>
        array.DType == type ? array : Evaluate([array], (builder, loads) => builder.Cast(loads[0], type));

    public static NDArray Where(NDArray condition, NDArray x, NDArray y) =>
        Evaluate([condition, x, y], (builder, loads) => builder.Where(loads[0], loads[1], loads[2]));

    public static NDArray Evaluate(NDArray[] arguments, Func<ProgramBuilder, int[], int> build)
    {
        var shape = Strided.BroadcastShape([.. arguments.Select(a => a.Dimensions)]);
        var builder = new ProgramBuilder(shape.Length);
        var loads = new int[arguments.Length];
        for (var i = 0; i < loads.Length; i++)
        {
            loads[i] = builder.Load(i, arguments[i].DType, Aligned(arguments[i].Rank, shape.Length));
        }

        return Run(builder.Build(build(builder, loads)), arguments, shape, []);
    }

    /// <summary>A new array with the program's values.</summary>
    public static unsafe NDArray Run(TileProgram program, ReadOnlySpan<NDArray> leaves, int[] shape, ReadOnlySpan<long> origin)
    {
        var result = NDArray.Allocate(program.Type, shape);
        using var pin = result.Pin();
        var size = program.Type.Size();
        TileEvaluator.Run(program, leaves, shape, origin, new StoreSink(result.Steps, (byte*)pin.Pointer + ((long)result.Offset * size), size));
        return result;
    }

    /// <summary>Axes of an argument as broadcasting aligns them: at the last one.</summary>
    public static int[] Aligned(int rank, int resultRank)
    {
        var axes = new int[resultRank];
        for (var axis = 0; axis < resultRank; axis++)
        {
            axes[axis] = Math.Max(-1, axis - (resultRank - rank));
        }

        return axes;
    }
}
