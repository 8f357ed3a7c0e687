using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// An expression of recipes as one program over the blocks of its leaves: what <c>x + x.T</c> becomes is one task per
/// block (i, j) that reads block (i, j) and block (j, i) of x.
/// </summary>
[PayloadCodec(typeof(LeftBehindCodec<Blockwise>))]
internal sealed class Blockwise
{
    private readonly List<(SourceRecipe Source, int[] Axes)> _leaves = [];
    private readonly ProgramBuilder _builder;
    private readonly Recipe _root;
    private int _result;

    private Blockwise(Recipe root)
    {
        _root = root;
        _builder = new ProgramBuilder(root.Rank);
        _result = Emit(root, [.. Enumerable.Range(0, root.Rank)]);
    }

    public BlockGrid Grid => field ??= new BlockGrid(_root.Chunks);

    /// <summary>The graph that holds every leaf.</summary>
    public TaskGraph Graph => TaskGraph.Merge([.. _leaves.Select(l => l.Source.Graph)]);

    public string[] DependsOn => [.. _leaves.Select(l => l.Source.Layer).Distinct()];

    /// <summary>Whether tasks must be told their block's shape and origin.</summary>
    public bool Placed { get; private set; }

    /// <summary>The expression of a recipe, its result converted when asked.</summary>
    public static (Blockwise Expression, TileProgram Program) Of(Recipe root, DType? type = null)
    {
        var expression = new Blockwise(root);
        if (type is { } wanted)
        {
            expression._result = expression._builder.Cast(expression._result, wanted);
        }

        var program = expression._builder.Build(expression._result);
        expression.Placed = program.HasSources || !Array.TrueForAll([.. Enumerable.Range(0, root.Rank)], axis => expression._leaves.Exists(l => l.Axes[axis] >= 0));
        return (expression, program);
    }

    /// <summary>The expression as a layer of blocks.</summary>
    public static SourceRecipe Lower(Recipe root)
    {
        var (expression, program) = Of(root);
        var name = $"{root.Label}-{ArrayToken.Of("blockwise", root.Token, root.Chunks)}";
        var function = new BlockwiseFunction(root.Label, program, expression.Placed);
        var layer = new BlockLayer(name, expression.Grid.Count, expression.DependsOn, index => expression.Call(new TaskKey(name, index), function, index));
        return new SourceRecipe(root.Type, root.Chunks, name, expression.Graph.With(layer));
    }

    /// <summary>The call of one block; values named by <paramref name="after"/> follow those of the leaves.</summary>
    public CallNode Call(TaskKey key, TaskFunction function, int index, params ReadOnlySpan<TaskKey> after)
    {
        var position = Grid.Position(index);
        var dependencies = new TaskKey[_leaves.Count + after.Length];
        for (var i = 0; i < _leaves.Count; i++)
        {
            dependencies[i] = LeafKey(i, position);
        }

        after.CopyTo(dependencies.AsSpan(_leaves.Count));
        if (!Placed)
        {
            return new CallNode(key, function, dependencies);
        }

        object?[] arguments = [Grid.Shape(position), Grid.Origin(position), .. Enumerable.Range(0, dependencies.Length).Select(Input.At)];
        return new CallNode(key, function, dependencies, arguments);
    }

    private TaskKey LeafKey(int leaf, int[] position)
    {
        var (source, axes) = _leaves[leaf];
        var block = new int[source.Rank];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis] >= 0)
            {
                block[axes[axis]] = source.Grid.Counts[axes[axis]] == 1 ? 0 : position[axis];
            }
        }

        return source.Key(block);
    }

    /// <param name="recipe">What to compute.</param>
    /// <param name="axes">Per axis of the program, the recipe's axis or -1.</param>
    private int Emit(Recipe recipe, int[] axes)
    {
        switch (recipe)
        {
            case AxesRecipe view:
                return Emit(view.Input, Array.ConvertAll(axes, a => a < 0 ? -1 : view.Axes[a]));
            case ElementRecipe element:
                var inputs = Array.ConvertAll(element.Inputs, i => Emit(i, axes));
                return element.Step switch
                {
                    TileStep.Call => _builder.Call(element.Name!, inputs),
                    TileStep.Cast => _builder.Cast(inputs[0], element.Type),
                    TileStep.Where => _builder.Where(inputs[0], inputs[1], inputs[2]),
                    TileStep.Constant => _builder.Constant(element.Type, element.Value!),
                    TileStep.Source => _builder.Source((PositionSource)element.Value!),
                    _ => _builder.Custom((TileKernel)element.Value!, element.Type, element.Token, inputs),
                };
            default:
                var source = (SourceRecipe)recipe;
                var leaf = _leaves.FindIndex(l => l.Source.Layer == source.Layer && l.Axes.AsSpan().SequenceEqual(axes));
                if (leaf < 0)
                {
                    leaf = _leaves.Count;
                    _leaves.Add((source, axes));
                }

                return _builder.Load(leaf, source.Type, axes);
        }
    }
}
