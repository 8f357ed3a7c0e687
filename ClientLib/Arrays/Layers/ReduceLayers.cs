using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Reductions as trees: each block is folded to parts (in the same pass that computes its elements), parts of up to
/// <c>splitEvery</c> blocks merge until one is left, which is finished.
/// </summary>
internal static class ReduceLayers
{
    public const int DefaultSplitEvery = 8;

    public static SourceRecipe Lower(Recipe input, Reducer reducer, int[] axes, bool keepDims, int splitEvery, string label)
    {
        var (expression, program) = Blockwise.Of(input, reducer.Input);
        var token = ArrayToken.Of("reduce", label, reducer.GetType().ToString(), reducer.Token, reducer.Result, input.Token, input.Chunks, axes, keepDims, splitEvery);
        var single = Array.TrueForAll(axes, a => input.Chunks[a].Length == 1);
        var name = $"{label}-{(single ? "" : "chunk-")}{token}";
        var fold = new FoldFunction(label, program, expression.Placed, reducer, axes, single, keepDims);
        var graph = expression.Graph.With(new BlockLayer(name, expression.Grid.Count, expression.DependsOn, index => expression.Call(new TaskKey(name, index), fold, index)));
        return Tree(input, name, graph, single, reducer, axes, keepDims, splitEvery, label, token);
    }

    /// <summary>Merges the parts that a layer holds per block, until one is left per place; then finishes.</summary>
    public static SourceRecipe Tree(Recipe input, string name, TaskGraph graph, bool single, Reducer reducer, int[] axes, bool keepDims, int splitEvery, string label, string token)
    {
        var counts = Array.ConvertAll(input.Chunks, c => c.Length);
        for (var level = 0; !single; level++)
        {
            var (next, groups) = Groups(counts, axes, splitEvery);
            single = Array.TrueForAll(axes, a => next[a] == 1);
            var (from, to) = (name, $"{label}-{(single ? "" : $"merge{level}-")}{token}");
            var merge = new MergeFunction(label, reducer, axes, single, keepDims);
            var before = counts;
            graph = graph.With(new BlockLayer(to, next.Aggregate(1, (a, b) => a * b), [from], index => Node(new TaskKey(to, index), merge, from, next, before, groups)));
            (name, counts) = (to, next);
        }

        var kept = new List<long[]>();
        for (var axis = 0; axis < input.Rank; axis++)
        {
            if (!axes.Contains(axis))
            {
                kept.Add(input.Chunks[axis]);
            }
            else if (keepDims)
            {
                kept.Add([1]);
            }
        }

        return new SourceRecipe(reducer.Result, [.. kept], name, graph);
    }

    /// <summary>How many blocks along each reduced axis one task merges, and how many are left then.</summary>
    private static (int[] Counts, int[] Groups) Groups(int[] counts, int[] axes, int splitEvery)
    {
        var groups = new int[counts.Length];
        Array.Fill(groups, 1);
        var room = Math.Max(2, splitEvery);
        foreach (var axis in axes.Reverse())
        {
            groups[axis] = Math.Clamp(counts[axis], 1, Math.Max(1, room));
            room /= groups[axis];
        }

        var next = new int[counts.Length];
        for (var axis = 0; axis < counts.Length; axis++)
        {
            next[axis] = (counts[axis] + groups[axis] - 1) / groups[axis];
        }

        return (next, groups);
    }

    private static CallNode Node(TaskKey key, MergeFunction merge, string from, int[] counts, int[] before, int[] groups)
    {
        var index = key.Index;
        var first = new int[counts.Length];
        var size = new int[counts.Length];
        for (var axis = counts.Length - 1; axis >= 0; axis--)
        {
            (index, var place) = Math.DivRem(index, counts[axis]);
            first[axis] = place * groups[axis];
            size[axis] = Math.Min(groups[axis], before[axis] - first[axis]);
        }

        var dependencies = new TaskKey[size.Aggregate(1, (a, b) => a * b)];
        var step = new int[size.Length];
        for (var i = 0; i < dependencies.Length; i++)
        {
            var block = 0;
            for (var axis = 0; axis < step.Length; axis++)
            {
                block = (block * before[axis]) + first[axis] + step[axis];
            }

            dependencies[i] = new TaskKey(from, block);
            Walk.Next(step, size);
        }

        return new CallNode(key, merge, dependencies);
    }
}

/// <summary>Computes a block and folds it, tile by tile; the last step too where there is only one block.</summary>
internal sealed class FoldFunction(string name, TileProgram program, bool placed, Reducer reducer, int[] axes, bool finish, bool keepDims) : TaskFunction, ILending
{
    public override string Name => name;

    public bool Lends => reducer.Lends;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        var (leaves, shape, origin) = BlockwiseFunction.Unpack(program, placed, arguments);
        var parts = Reduction.Fold(reducer, program, leaves, shape, origin, axes);
        return new(finish ? Reduction.Drop(reducer.Finish(parts), axes, keepDims) : parts);
    }
}

/// <summary>Merges the parts of several blocks.</summary>
internal sealed class MergeFunction(string name, Reducer reducer, int[] axes, bool finish, bool keepDims) : TaskFunction, ILending
{
    public override string Name => name;

    public bool Lends => reducer.Lends;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        var parts = Array.ConvertAll((NDArray[])arguments[0]!, Strided.Copy);
        for (var i = 1; i < arguments.Length; i++)
        {
            reducer.Merge(parts, (NDArray[])arguments[i]!);
        }

        return new(finish ? Reduction.Drop(reducer.Finish(parts), axes, keepDims) : parts);
    }
}
