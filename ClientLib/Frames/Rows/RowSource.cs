using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>
/// Where the rows of a lazy frame come from: a file, memory, another source filtered. A frame or series is a source and
/// expressions over its columns; so two of them go together row by row exactly when their source is the same.
/// </summary>
internal abstract class RowSource
{
    public abstract FrameSchema Schema { get; }

    /// <summary>How many partitions the rows come in.</summary>
    public abstract int Partitions { get; }

    /// <summary>Equal tokens mean the same rows in the same order.</summary>
    public abstract string Token { get; }

    /// <summary>The tasks that give these columns, one <see cref="Frame"/> per partition.</summary>
    /// <param name="columns">At least these; nobody reads others.</param>
    public abstract FrameGraph ToGraph(IReadOnlyCollection<string> columns);
}

/// <summary>A graph and the layer in it whose values are the partitions.</summary>
internal readonly record struct FrameGraph(TaskGraph Graph, string Layer, int Partitions)
{
    public IReadOnlyList<TaskKey> Keys
    {
        get
        {
            var layer = Layer;
            return [.. Enumerable.Range(0, Partitions).Select(i => new TaskKey(layer, i))];
        }
    }

    /// <summary>Each partition handed through a kernel.</summary>
    public FrameGraph Map(string operation, string content, TaskFunction kernel)
    {
        var name = FrameToken.Name(operation, $"{Layer}|{content}");
        return new FrameGraph(Graph.With(new MapLayer(name, kernel, Layer, Partitions)), name, Partitions);
    }

    /// <summary>All partitions brought together, <paramref name="fanIn"/> at a time; each level by the same kernel.</summary>
    public FrameGraph Reduce(string operation, string content, TaskFunction kernel, int fanIn)
    {
        var name = FrameToken.Name(operation, $"{Layer}|{fanIn}|{content}");
        var layer = new TreeLayer(name, kernel, Layer, Partitions, fanIn);
        return new FrameGraph(Graph.With(layer), name, layer.Count);
    }
}
