using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Counts of blocks added up: a kernel per block, a sum over all of them.</summary>
internal static class SumBlocks
{
    /// <param name="label">In keys.</param>
    /// <param name="token">What the kernel depends on.</param>
    /// <param name="type">Of the sums.</param>
    /// <param name="chunks">Of the sums, one chunk; -1 where blocks differ in length and are padded with zeros.</param>
    /// <param name="inputs">Of one chunking; block k of each goes into call k.</param>
    /// <param name="kernel">The sums of one block.</param>
    public static Recipe Lower(string label, object? token, DType type, long[][] chunks, SourceRecipe[] inputs, Func<NDArray[], NDArray> kernel)
    {
        var chunk = $"{label}-chunk-{ArrayToken.Of(label, token, inputs.Select(i => i.Layer))}";
        var name = chunk;
        var each = new KernelFunction(label, arguments => kernel(Array.ConvertAll(arguments, a => (NDArray)a!)));
        var add = new KernelFunction(label, arguments => arguments.Select(a => (NDArray)a!).Aggregate(Add));
        var count = inputs[0].Grid.Count;
        var graph = TaskGraph.Merge([.. inputs.Select(i => i.Graph)])
            .With(new BlockLayer(chunk, count, [.. inputs.Select(i => i.Layer).Distinct()], i => new CallNode(new TaskKey(chunk, i), each, [.. inputs.Select(x => x.Key(i))])));
        for (var level = 0; level == 0 || count > 1; level++)
        {
            const int fanIn = 16;
            var (from, before) = (name, count);
            count = (count + fanIn - 1) / fanIn;
            var to = $"{label}-sum{level}-{ArrayToken.Of(name)}";
            graph = graph.With(new BlockLayer(to, count, [from], i => new CallNode(new TaskKey(to, i), add, [.. Enumerable.Range(i * fanIn, Math.Min(fanIn, before - (i * fanIn))).Select(k => new TaskKey(from, k))])));
            name = to;
        }

        return new SourceRecipe(type, chunks, name, graph);
    }

    private static NDArray Add(NDArray a, NDArray b)
    {
        if (a.Rank != 1 || a.Size == b.Size)
        {
            return Elementwise.Call("add", a, b);
        }

        var (longer, shorter) = a.Size > b.Size ? (a, b) : (b, a);
        var padded = NDArray.Allocate(shorter.DType, longer.Size);
        Strided.CopyTo(Elementwise.Call("subtract", longer, longer), padded);
        Scatter.Into(padded, [new AxisIndex(0, 1, shorter.Size)], shorter);
        return Elementwise.Call("add", longer, padded);
    }
}
