namespace Orleans.Dask.Arrays;

/// <summary>
/// Sorting along an axis, whatever the chunks: lines within one chunk are sorted there; lines no longer than a block come into
/// blocks of fewer lines; longer ones are sorted across blocks (<see cref="SampleSort"/>). The answer has the chunks of the input.
/// </summary>
internal static class SortLayers
{
    public static Recipe Lower<T>(Recipe input, int axis, bool positions, long leastBytes = WorkChunks.LeastBytes)
        where T : unmanaged
    {
        axis = Strided.Axis(axis, input.Rank);
        var (label, type) = positions ? ("argsort", DType.Int64) : ("sort", input.Type);
        if (input.Chunks[axis].Length == 1)
        {
            return Blocks(input);
        }

        if (!input.IsKnown)
        {
            throw new ChunkException($"Axis {axis} has chunks of unknown sizes, so where the sorted ones begin is unknown. Call ComputeChunkSizesAsync first.");
        }

        if (input.Shape.Contains(0))
        {
            return Element.Cast(input, type);
        }

        var elements = WorkChunks.Budget(input, input.Type, leastBytes);
        var answer = WorkChunks.Whole(input, [axis], elements) is { } whole
            ? Blocks(Rechunk.To(input, whole))
            : SampleSort.Lower<T>(Rechunk.To(input, WorkChunks.Lines(input, [axis], elements)).Materialize(), axis, positions);
        return Rechunk.To(answer, input.Chunks);

        SourceRecipe Blocks(Recipe lines) => BlockMap.Each(label, axis, type, lines, lines.Chunks, block => SortLines.Run<T>(block, axis, positions));
    }
}
