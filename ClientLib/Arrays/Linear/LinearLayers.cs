using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Decompositions and solutions of matrices that come into one chunk.</summary>
internal static class LinearLayers
{
    public static Recipe Square(Recipe matrix, string what)
    {
        if (matrix.Rank != 2 || matrix.Shape[0] != matrix.Shape[1])
        {
            throw new ShapeException($"{what} takes a square matrix, found shape {Strided.Text(matrix.Shape)}.");
        }

        return BlockMap.Whole(matrix, 0, 1);
    }

    public static void TwoAxes(Recipe matrix, string what)
    {
        if (matrix.Rank != 2)
        {
            throw new ShapeException($"{what} takes a matrix, found shape {Strided.Text(matrix.Shape)}.");
        }
    }

    /// <summary>Several answers of one kernel, each an array of one chunk.</summary>
    public static SourceRecipe[] Several(string label, SourceRecipe input, Func<NDArray, NDArray[]> kernel, params (DType Type, long[] Shape)[] answers)
    {
        var all = $"{label}-{ArrayToken.Of(label, input.Layer)}";
        var compute = new KernelFunction(label, arguments => kernel((NDArray)arguments[0]!));
        var graph = input.Graph.With(new BlockLayer(all, 1, [input.Layer], _ => new CallNode(new TaskKey(all, 0), compute, input.Key(0))));
        return [.. answers.Select((answer, i) =>
        {
            var name = $"{label}-{i}-{ArrayToken.Of(all, i)}";
            var take = new KernelFunction(label, arguments => ((NDArray[])arguments[0]!)[i]);
            return new SourceRecipe(answer.Type, Array.ConvertAll(answer.Shape, l => new[] { l }), name, graph.With(new BlockLayer(name, 1, [all], _ => new CallNode(new TaskKey(name, 0), take, new TaskKey(all, 0)))));
        })];
    }

    /// <summary>One kernel of a square matrix and a right side, all of it in one chunk.</summary>
    public static SourceRecipe Pair(string label, object? token, Recipe a, Recipe b, Func<NDArray, NDArray, NDArray> kernel)
    {
        if (b.Rank is 0 or > 2 || b.Shape[0] != a.Shape[0])
        {
            throw new ShapeException($"A right side of shape {Strided.Text(b.Shape)} for a matrix of shape {Strided.Text(a.Shape)}. It needs {a.Shape[0]} rows.");
        }

        var (left, right) = (a.Materialize(), BlockMap.Whole(b, 0).Materialize());
        return BlockMap.Lower(label, token, left.Type, right.Chunks, [left, right], position => [left.Key([0, 0]), right.Key(position)], (blocks, _) => kernel(blocks[0], blocks[1]));
    }
}
