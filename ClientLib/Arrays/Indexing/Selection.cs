namespace Orleans.Dask.Arrays;

/// <summary>Indexing of chunked arrays.</summary>
internal static class Selection
{
    public static Recipe Basic(Recipe recipe, ReadOnlySpan<IndexItem> items)
    {
        var plan = IndexPlan.Resolve(recipe.Shape, items);
        var taken = Take(recipe, plan.Axes);
        var chunks = Array.ConvertAll(plan.Output, axis => axis < 0 ? [1L] : taken.Chunks[axis]);
        return Element.Axes(taken, plan.Output, chunks);
    }

    /// <summary>The given positions of each axis; no axis goes away.</summary>
    public static Recipe Take(Recipe recipe, AxisIndex[] axes, string label = "getitem")
    {
        var whole = true;
        for (var axis = 0; axis < axes.Length; axis++)
        {
            whole &= recipe.Shape[axis] < 0 || axes[axis].IsWhole(recipe.Shape[axis]);
        }

        return whole ? recipe : Gather.Lower(recipe.Materialize(), axes, null, label);
    }

    /// <summary>Positions along one axis.</summary>
    public static Recipe Take(Recipe recipe, int axis, AxisIndex index, string label = "getitem")
    {
        var axes = Array.ConvertAll(recipe.Shape, AxisIndex.Whole);
        axes[axis] = index;
        return Take(recipe, axes, label);
    }
}
