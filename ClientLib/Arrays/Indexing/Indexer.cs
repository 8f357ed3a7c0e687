namespace Orleans.Dask.Arrays;

/// <summary>Indexing of arrays in memory: slices are views, lists copy.</summary>
internal static class Indexer
{
    public static NDArray Select(NDArray array, params ReadOnlySpan<IndexItem> items) =>
        Select(array, IndexPlan.Resolve(Array.ConvertAll(array.Dimensions, d => (long)d), items));

    public static NDArray Select(NDArray array, IndexPlan plan)
    {
        array = Take(array, plan.Axes);
        var shape = new int[plan.Output.Length];
        var steps = new int[plan.Output.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            var axis = plan.Output[i];
            (shape[i], steps[i]) = axis < 0 ? (1, 0) : (array.Dimensions[axis], array.Steps[axis]);
        }

        return array.View(shape, steps, array.Offset);
    }

    /// <summary>The given positions of each axis; no axis goes away.</summary>
    public static NDArray Take(NDArray array, AxisIndex[] axes)
    {
        var shape = new int[axes.Length];
        var steps = new int[axes.Length];
        var offset = array.Offset;
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis].List is null)
            {
                shape[axis] = (int)axes[axis].Count;
                steps[axis] = array.Steps[axis] * (int)axes[axis].Step;
                offset += shape[axis] == 0 ? 0 : array.Steps[axis] * (int)axes[axis].Start;
            }
            else
            {
                (shape[axis], steps[axis]) = (array.Dimensions[axis], array.Steps[axis]);
            }
        }

        var view = array.View(shape, steps, offset);
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis].List is { } list)
            {
                view = Take(view, list, axis);
            }
        }

        return view;
    }

    /// <summary>A copy with the given positions along one axis; they are within it.</summary>
    public static unsafe NDArray Take(NDArray array, ReadOnlySpan<long> positions, int axis)
    {
        var shape = (int[])array.Dimensions.Clone();
        foreach (var position in positions)
        {
            if ((ulong)position >= (ulong)shape[axis])
            {
                throw new ArrayIndexException($"Index {position} is outside axis {axis} of length {shape[axis]}.");
            }
        }

        shape[axis] = positions.Length;
        var result = NDArray.Allocate(array.DType, shape);
        if (result.Size == 0)
        {
            return result;
        }

        var one = (int[])array.Dimensions.Clone();
        one[axis] = 1;
        using var from = array.Pin();
        using var to = result.Pin();
        var size = array.DType.Size();

        // Runs of consecutive positions move as one.
        for (var i = 0; i < positions.Length;)
        {
            var run = 1;
            while (i + run < positions.Length && positions[i + run] == positions[i] + run)
            {
                run++;
            }

            one[axis] = run;
            StridedCopy.Run(
                (byte*)from.Pointer + ((array.Offset + (positions[i] * array.Steps[axis])) * size), array.Steps,
                (byte*)to.Pointer + ((result.Offset + ((long)i * result.Steps[axis])) * size), result.Steps, one, size);
            i += run;
        }

        return result;
    }
}
