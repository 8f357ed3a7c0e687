using System.Buffers;

namespace Orleans.Dask.Arrays;

/// <summary>Runs a <see cref="Reducer"/> over a block: its elements come from a program, tile by tile, and are never stored.</summary>
internal static unsafe class Reduction
{
    /// <summary>The parts of one block; reduced axes stay with length 1.</summary>
    public static NDArray[] Fold(Reducer reducer, TileProgram program, ReadOnlySpan<NDArray> leaves, int[] shape, ReadOnlySpan<long> origin, ReadOnlySpan<int> axes)
    {
        if (program.Type != reducer.Input)
        {
            throw new DTypeException($"A reduction of {reducer.Input.Name()} was given a program that makes {program.Type.Name()}.");
        }

        var kept = (int[])shape.Clone();
        foreach (var axis in axes)
        {
            kept[axis] = 1;
        }

        var parts = reducer.Start(kept);
        var steps = Strided.RowMajor(kept);
        foreach (var axis in axes)
        {
            steps[axis] = 0;
        }

        var pointers = stackalloc byte*[parts.Length];
        var pins = new MemoryHandle[parts.Length];
        try
        {
            for (var i = 0; i < parts.Length; i++)
            {
                pins[i] = parts[i].Pin();
                pointers[i] = (byte*)pins[i].Pointer + ((long)parts[i].Offset * parts[i].DType.Size());
            }

            TileEvaluator.Run(program, leaves, shape, origin, new FoldSink(reducer, steps, pointers));
        }
        finally
        {
            foreach (var pin in pins)
            {
                pin.Dispose();
            }
        }

        return parts;
    }

    /// <summary>One array reduced at once.</summary>
    public static NDArray Run(Reducer reducer, NDArray array, int[]? axes, bool keepDims)
    {
        var reduced = Strided.Axes(axes, array.Rank);
        var builder = new ProgramBuilder(array.Rank);
        var load = builder.Load(0, array.DType, [.. Enumerable.Range(0, array.Rank)]);
        var parts = Fold(reducer, builder.Build(builder.Cast(load, reducer.Input)), [array], array.Dimensions, [], reduced);
        return Drop(reducer.Finish(parts), reduced, keepDims);
    }

    /// <summary>Takes reduced axes, of length 1 by now, out of the shape.</summary>
    public static NDArray Drop(NDArray array, int[] axes, bool keepDims)
    {
        if (keepDims)
        {
            return array;
        }

        var kept = Enumerable.Range(0, array.Rank).Where(a => !axes.Contains(a)).ToArray();
        return array.View([.. kept.Select(a => array.Dimensions[a])], [.. kept.Select(a => array.Steps[a])], array.Offset);
    }
}
