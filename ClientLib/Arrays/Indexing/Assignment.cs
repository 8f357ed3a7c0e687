namespace Orleans.Dask.Arrays;

/// <summary>A copy with part of it replaced.</summary>
internal static class Assignment
{
    /// <summary>
    /// The values are spread out to the array's positions (position p of an axis takes value inv(p)), and a mask, the
    /// product of one mask per axis, tells where they count. One fused pass per chunk.
    /// </summary>
    public static Recipe Set(Recipe array, Recipe values, ReadOnlySpan<IndexItem> items)
    {
        var plan = IndexPlan.Resolve(array.Shape, items);
        var selected = plan.Output.Select(axis => axis < 0 ? 1 : plan.Axes[axis].Count).ToArray();
        values = Element.Cast(values, array.Type);

        // Values may have further leading axes of length 1; NumPy drops them.
        while (values.Rank > selected.Length && values.Shape[0] == 1)
        {
            values = Element.Axes(Rechunk.To(values, [[1], .. values.Chunks.Skip(1)]), [.. Enumerable.Range(1, values.Rank - 1)], values.Chunks[1..]);
        }

        Shapes.Broadcast(selected, values.Shape);
        if (values.Rank > selected.Length || Enumerable.Range(0, values.Rank).Any(a => values.Shape[a] != 1 && values.Shape[a] != selected[a + selected.Length - values.Rank]))
        {
            throw new ShapeException($"Values of shape {Strided.Text(values.Shape)} don't broadcast to the place, of shape {Strided.Text(selected)}.");
        }

        if (selected.Contains(0) || array.Shape.Contains(0))
        {
            return array;
        }

        var full = Enumerable.Range(0, selected.Length).Where(i => plan.Output[i] >= 0).ToArray();
        var aligned = Element.BroadcastTo(values, selected, Array.ConvertAll(selected, l => new[] { l }));

        // Output axes that are new carry one value; what is left are the array's axes, positions among them put back with length 1.
        var kept = Element.Axes(aligned, full, [.. full.Select(i => aligned.Chunks[i])]);
        var dropped = Enumerable.Range(0, array.Rank).Where(a => !plan.Output.Contains(a)).ToArray();
        kept = Join.ExpandDims(kept, dropped);

        Recipe? inside = null;
        var spread = new AxisIndex[array.Rank];
        for (var axis = 0; axis < array.Rank; axis++)
        {
            var index = plan.Axes[axis];
            if (index.IsWhole(array.Shape[axis]))
            {
                spread[axis] = AxisIndex.Whole(array.Shape[axis]);
                continue;
            }

            var from = new long[array.Shape[axis]];
            var chosen = new NDArray<bool>([(int)array.Shape[axis]]);
            chosen.Data.Clear();
            for (long i = 0; i < index.Count; i++)
            {
                from[index.At(i)] = i;
                chosen.Data[(int)index.At(i)] = true;
            }

            spread[axis] = AxisIndex.Of(from);
            var line = Element.Axes(DaskArray.FromMemory(chosen, [array.Chunks[axis]]), [.. Enumerable.Range(0, array.Rank - axis).Select(a => a == 0 ? 0 : -1)], [array.Chunks[axis], .. Enumerable.Range(0, array.Rank - axis - 1).Select(_ => Shapes.One)]);
            inside = inside is null ? line : Element.Call("logical_and", inside, line);
        }

        var placed = Gather.Lower(kept.Materialize(), spread, array.Chunks, "setitem");
        return inside is null ? placed : Element.Where(inside, placed, array);
    }
}
