using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Files;

/// <summary>Reads any part of an array that is stored somewhere. It travels to where the task runs: paths and numbers, nothing open.</summary>
internal abstract class BlockReader
{
    /// <param name="origin">Where the part begins.</param>
    /// <param name="shape">Its lengths.</param>
    public abstract NDArray Read(long[] origin, int[] shape);
}

/// <summary>Reads one block; arguments: origin and shape.</summary>
internal sealed class ReadFunction(string name, BlockReader reader) : TaskFunction, ILending
{
    public bool Lends => true;

    public override string Name => name;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context) =>
        new(reader.Read((long[])arguments[0]!, (int[])arguments[1]!));
}

/// <summary>Stores any part of an array. It travels to where the task runs. Told twice, it does the same twice.</summary>
internal abstract class BlockWriter
{
    /// <param name="origin">Where the block begins.</param>
    /// <param name="block">The values.</param>
    public abstract void Write(long[] origin, NDArray block);
}

/// <summary>Writes one block; arguments: origin and block.</summary>
internal sealed class WriteFunction(string name, BlockWriter writer) : TaskFunction, ILending
{
    public bool Lends => true;

    public override string Name => name;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        writer.Write((long[])arguments[0]!, (NDArray)arguments[1]!);
        return new((object?)true);
    }
}
