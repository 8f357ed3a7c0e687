namespace Orleans.Dask.Arrays;

/// <summary>Entries along axis 0 at positions that are computed themselves.</summary>
internal static class PositionSelection
{
    public static Recipe Select(Recipe array, Recipe positions)
    {
        if (array.Rank == 0 || positions.Rank > 1)
        {
            throw new ArrayIndexException($"Positions with {positions.Rank} axes for an array with {array.Rank}. Pass one axis of positions; they select along axis 0.");
        }

        var length = array.Shape[0];
        var whole = BlockMap.Whole(array, 0).Materialize();
        var places = positions.Materialize();
        long[][] chunks = [.. positions.Chunks, .. array.Chunks.Skip(1)];
        return BlockMap.Lower("take", null, array.Type, chunks, [whole, places], position =>
        {
            var scalar = positions.Rank == 0;
            return [whole.Key([0, .. position.AsSpan(scalar ? 0 : 1)]), places.Key(scalar ? [] : [position[0]])];
        }, (blocks, _) =>
        {
            var list = IndexPlan.Checked(((NDArray<long>)blocks[1]).ToArray(), 0, length);
            var taken = Indexer.Take(blocks[0], list, 0);
            return blocks[1].Rank > 0 ? taken : taken.View(taken.Dimensions[1..], taken.Steps[1..], taken.Offset);
        });
    }
}
