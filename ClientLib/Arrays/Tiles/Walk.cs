namespace Orleans.Dask.Arrays;

/// <summary>A shape and, per operand, the strides to walk it; neighbouring axes that every operand walks as one are merged.</summary>
internal readonly struct Walk(int[] shape, int[][] steps)
{
    public int[] Shape { get; } = shape;

    /// <summary>Per operand, per axis.</summary>
    public int[][] Steps { get; } = steps;

    public int Rank => Shape.Length;

    public static Walk Merge(int[] shape, params ReadOnlySpan<int[]> operands)
    {
        var lengths = new List<int>(shape.Length);
        var steps = new List<int>[operands.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = new List<int>(shape.Length);
        }

        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] == 1)
            {
                continue;
            }

            var merges = lengths.Count > 0;
            for (var i = 0; i < steps.Length && merges; i++)
            {
                merges = steps[i][^1] == (long)operands[i][axis] * shape[axis];
            }

            if (!merges)
            {
                lengths.Add(shape[axis]);
                for (var i = 0; i < steps.Length; i++)
                {
                    steps[i].Add(operands[i][axis]);
                }

                continue;
            }

            lengths[^1] *= shape[axis];
            for (var i = 0; i < steps.Length; i++)
            {
                steps[i][^1] = operands[i][axis];
            }
        }

        return new Walk([.. lengths], Array.ConvertAll(steps, s => s.ToArray()));
    }

    /// <summary>Moves to the next position in row-major order; false after the last.</summary>
    public static bool Next(Span<int> position, ReadOnlySpan<int> shape)
    {
        for (var axis = position.Length - 1; axis >= 0; axis--)
        {
            if (++position[axis] < shape[axis])
            {
                return true;
            }

            position[axis] = 0;
        }

        return false;
    }
}
