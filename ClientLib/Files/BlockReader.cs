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

    public override Type ResultType => typeof(NDArray);

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        try
        {
            return new(reader.Read((long[])arguments[0]!, (int[])arguments[1]!));
        }
        catch (Exception e) when (Unseen.Is(e))
        {
            throw Unseen.Error(e);
        }
    }
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

    public override Type ResultType => typeof(bool);

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        try
        {
            writer.Write((long[])arguments[0]!, (NDArray)arguments[1]!);
            return new((object?)true);
        }
        catch (Exception e) when (Unseen.Is(e))
        {
            throw Unseen.Error(e);
        }
    }
}

/// <summary>What was there for whoever made the task is not there for the process that runs it: mostly a silo on another machine.</summary>
internal static class Unseen
{
    public static bool Is(Exception error) => error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException;

    public static ArrayFileException Error(Exception error) =>
        new($"Process {Environment.ProcessId} on {Environment.MachineName}: {error.Message} It was there when the task was made. "
            + "Tasks read and write files themselves, so every silo must see them under the same path, with the same rights: put them on a file system that all machines share.", error);
}
