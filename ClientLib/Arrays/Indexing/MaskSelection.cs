namespace Orleans.Dask.Arrays;

/// <summary>Elements where a chunked mask is true: how many is known only when it is computed.</summary>
internal static class MaskSelection
{
    public static Recipe Select(Recipe array, Recipe mask)
    {
        if (mask.Rank == 1 && array.Rank > 1)
        {
            return Rows(array, mask);
        }

        if (mask.Rank != array.Rank || Enumerable.Range(0, mask.Rank).Any(a => mask.Shape[a] != array.Shape[a]))
        {
            throw new ArrayIndexException($"A mask of shape {Strided.Text(mask.Shape)} for an array of shape {Strided.Text(array.Shape)}. Pass one of the same shape, or of the first axis.");
        }

        return array.Rank == 0
            ? Rows(Join.ExpandDims(array, [0]), Join.ExpandDims(mask, [0]))
            : Rows(Reshape.To(array, [-1]), Reshape.To(mask, [-1]));
    }

    /// <summary>The positions, row-major, of what is not zero.</summary>
    public static Recipe Positions(Recipe array)
    {
        var flat = Element.Cast(Reshape.To(array, [-1]), DType.Bool);
        var positions = DaskArray.Iota(0, flat.Chunks);
        return Rows(positions, flat);
    }

    private static SourceRecipe Rows(Recipe array, Recipe mask)
    {
        if (mask.Shape[0] != array.Shape[0] && mask.Shape[0] >= 0 && array.Shape[0] >= 0)
        {
            throw new ArrayIndexException($"A mask of {mask.Shape[0]} for axis 0 of length {array.Shape[0]}. Pass one truth value per position.");
        }

        var cuts = Unify.Common([array.Chunks[0], mask.Chunks[0]], 0);
        var values = Rechunk.To(array, [cuts, .. array.Chunks.Skip(1)]).Materialize();
        var chosen = Rechunk.To(mask, [cuts]).Materialize();
        long[][] chunks = [[.. cuts.Select(_ => Shapes.Unknown)], .. array.Chunks.Skip(1)];
        return BlockMap.Lower("mask", null, array.Type, chunks, [values, chosen], position => [values.Key(position), chosen.Key([position[0]])], (blocks, _) => MaskedRows.Of(blocks[0], (NDArray<bool>)blocks[1]), lends: true);
    }
}
