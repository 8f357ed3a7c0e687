using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>What linear algebra asks of its matrices, and decompositions of those that are small.</summary>
internal static class LinearLayers
{
    public static void Matrix<T>(Recipe matrix, string what, bool square = false)
        where T : unmanaged
    {
        if (typeof(T) != typeof(double) && typeof(T) != typeof(float) && typeof(T) != typeof(Complex))
        {
            throw new DTypeException($"{what} takes a matrix of float32, float64 or complex128, found {matrix.Type.Name()}. Convert it with AsType<double>().");
        }

        TwoAxes(matrix, what, square);
        if (!matrix.IsKnown)
        {
            throw new ChunkException($"{what} needs to know the sizes of all chunks, and some are unknown. Call ComputeChunkSizesAsync first.");
        }
    }

    public static void TwoAxes(Recipe matrix, string what, bool square = false)
    {
        if (matrix.Rank != 2 || (square && matrix.Shape[0] != matrix.Shape[1]))
        {
            throw new ShapeException($"{what} takes a {(square ? "square " : "")}matrix, found shape {Strided.Text(matrix.Shape)}.");
        }
    }

    /// <summary>The tiles of an axis: its chunks, small neighbours joined.</summary>
    public static long[] Tiles(long[] chunks, long least)
    {
        var sizes = WorkChunks.Joined([.. chunks.Where(c => c > 0)], Math.Max(least, chunks.Max()));
        return sizes.Length == 0 ? [0] : sizes;
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
}
