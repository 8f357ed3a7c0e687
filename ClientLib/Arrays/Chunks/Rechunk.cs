namespace Orleans.Dask.Arrays;

/// <summary>The same values in other chunks. Expressions are rechunked at their leaves, so they stay one expression.</summary>
internal static class Rechunk
{
    public static Recipe To(Recipe recipe, long[][] chunks)
    {
        if (Same(recipe.Chunks, chunks))
        {
            return recipe;
        }

        switch (recipe)
        {
            case ElementRecipe element:
                return element.With(chunks, Array.ConvertAll(element.Inputs, i => To(i, chunks)));
            case AxesRecipe view:
                var inner = (long[][])view.Input.Chunks.Clone();
                for (var axis = 0; axis < view.Axes.Length; axis++)
                {
                    if (view.Axes[axis] >= 0)
                    {
                        inner[view.Axes[axis]] = chunks[axis];
                    }
                }

                return Element.Axes(To(view.Input, inner), view.Axes, chunks);
            default:
                var source = (SourceRecipe)recipe;
                var whole = Array.ConvertAll(recipe.Shape, AxisIndex.Whole);
                return recipe.IsKnown
                    ? RechunkPlan.Steps(source.Chunks, chunks).Aggregate(source, (blocks, step) => Gather.Lower(blocks, whole, step, "rechunk"))
                    : Gather.Lower(source, whole, chunks, "rechunk");
        }
    }

    public static bool Same(long[][] a, long[][] b)
    {
        for (var axis = 0; axis < a.Length; axis++)
        {
            if (!a[axis].AsSpan().SequenceEqual(b[axis]))
            {
                return false;
            }
        }

        return true;
    }
}
