using System.Globalization;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Files;

/// <summary>Stored arrays as recipes: one task a chunk, to read or to write.</summary>
internal static class FileArrays
{
    /// <summary>No file makes more tasks than this; one that claims to is damaged, or wants larger chunks.</summary>
    private const long MostChunks = 20_000_000;

    /// <param name="label">In keys.</param>
    /// <param name="content">What the values depend on.</param>
    /// <param name="type">Of the elements, in memory.</param>
    /// <param name="chunks">One task each.</param>
    /// <param name="reader">Reads them.</param>
    public static SourceRecipe Lower(string label, string content, DType type, long[][] chunks, BlockReader reader)
    {
        var name = $"{label}-{ArrayToken.Of(label, content, type, chunks)}";
        var grid = new BlockGrid(chunks);
        var function = new ReadFunction(label, reader);
        var layer = new BlockLayer(name, grid.Count, [], index =>
        {
            var position = grid.Position(index);
            return new CallNode(new TaskKey(name, index), function, [], [grid.Origin(position), grid.Shape(position)]);
        });
        return new SourceRecipe(type, chunks, name, TaskGraph.Empty.With(layer));
    }

    /// <summary>Hands every block to a writer, as many at a time as the scheduler has room for.</summary>
    public static async Task WriteAsync(string label, SourceRecipe source, BlockWriter writer, IGraphScheduler? scheduler, CancellationToken cancellationToken)
    {
        // Writing is not a value: never the same twice.
        var name = $"{label}-{ArrayToken.Unique()}";
        var function = new WriteFunction(label, writer);
        var layer = new BlockLayer(name, source.Grid.Count, [source.Layer], index =>
            new CallNode(new TaskKey(name, index), function, [source.Key(index)], [source.Grid.Origin(source.Grid.Position(index)), Input.At(0)]));
        await (scheduler ?? DaskScheduler.Default).ComputeAsync<bool>(source.Graph.With(layer), [.. Enumerable.Range(0, source.Grid.Count).Select(i => new TaskKey(name, i))], cancellationToken);
    }

    /// <summary>Refuses what no file can hold.</summary>
    public static Recipe Known(Recipe recipe) => recipe.IsKnown ? recipe
        : throw new ChunkException("An array with chunks of unknown sizes has no place in a file yet. Call ComputeChunkSizesAsync first.");

    /// <summary>Path, length and time of a file: the same content gives the same keys.</summary>
    public static string Content(string path)
    {
        var file = new FileInfo(path);
        return string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}");
    }

    /// <summary>The chunks of a file of bare elements: as asked for, else runs of about 16 MiB that lie together.</summary>
    public static long[][] Chunks(ChunkSpec chunks, long[] shape, DType type, bool fortranOrder, string file)
    {
        var lengths = (long[])shape.Clone();
        var room = Math.Max(1, ChunkSpec.AutoBytes / type.Size());
        for (var i = 0; i < lengths.Length; i++)
        {
            var axis = fortranOrder ? i : lengths.Length - 1 - i;
            lengths[axis] = Math.Min(Math.Max(1, shape[axis]), room);
            room /= lengths[axis];
        }

        return Chunks(chunks, shape, lengths, type, file);
    }

    /// <summary>The chunks as asked for, else of the given lengths.</summary>
    public static long[][] Chunks(ChunkSpec chunks, long[] shape, long[] lengths, DType type, string file)
    {
        if (!chunks.IsDefault)
        {
            return chunks.Resolve(shape, type);
        }

        var count = 1.0;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            count *= Math.Max(1, Math.Ceiling((double)shape[axis] / lengths[axis]));
        }

        if (count > MostChunks)
        {
            throw new ArrayFileException(string.Create(CultureInfo.InvariantCulture,
                $"{file}: shape {Strided.Text(shape)} in chunks of {Strided.Text(lengths)} would be {count:0} tasks, more than {MostChunks}. The file is damaged, or pass larger chunks."));
        }

        return ((ChunkSpec)lengths).Resolve(shape, type);
    }
}
