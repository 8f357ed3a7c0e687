using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Arrays one after the other; blocks keep their places, so nothing is copied.</summary>
internal static class Join
{
    public static Recipe Concatenate(IReadOnlyList<Recipe> parts, int axis)
    {
        if (parts.Count == 0)
        {
            throw new ArrayException("There is nothing to concatenate. Pass at least one array.");
        }

        axis = Strided.Axis(axis, parts[0].Rank);
        var type = DTypes.Promote([.. parts.Select(p => p.Type)]);
        foreach (var part in parts)
        {
            if (part.Rank != parts[0].Rank || Enumerable.Range(0, part.Rank).Any(a => a != axis && part.Shape[a] != parts[0].Shape[a]))
            {
                throw new ShapeException($"Shapes {Strided.Text(parts[0].Shape)} and {Strided.Text(part.Shape)} don't join along axis {axis}: all other lengths must be equal.");
            }
        }

        var common = new long[parts[0].Rank][];
        for (var a = 0; a < common.Length; a++)
        {
            common[a] = a == axis ? [] : Unify.Common([.. parts.Select(p => p.Chunks[a])], a);
        }

        var sources = parts.Select(p =>
        {
            var chunks = (long[][])common.Clone();
            chunks[axis] = p.Chunks[axis];
            return Rechunk.To(Element.Cast(p, type), chunks).Materialize();
        }).ToArray();
        if (sources.Length == 1)
        {
            return sources[0];
        }

        common[axis] = [.. sources.SelectMany(s => s.Chunks[axis])];
        var grid = new BlockGrid(common);
        var owners = sources.SelectMany((s, i) => Enumerable.Range(0, s.Chunks[axis].Length).Select(k => (Source: i, Block: k))).ToArray();
        var name = "concatenate-" + ArrayToken.Of(axis, sources.Select(s => s.Layer));
        var layer = new BlockLayer(name, grid.Count, [.. sources.Select(s => s.Layer).Distinct()], index =>
        {
            var position = grid.Position(index);
            var (source, block) = owners[position[axis]];
            position[axis] = block;
            return new AliasNode(new TaskKey(name, index), sources[source].Key(position));
        });
        return new SourceRecipe(type, common, name, TaskGraph.Merge([.. sources.Select(s => s.Graph)]).With(layer));
    }

    public static Recipe Stack(IReadOnlyList<Recipe> parts, int axis)
    {
        foreach (var part in parts)
        {
            if (!part.Shape.AsSpan().SequenceEqual(parts[0].Shape))
            {
                throw new ShapeException($"Shapes {Strided.Text(parts[0].Shape)} and {Strided.Text(part.Shape)} don't stack: they must be equal. Concatenate joins along an axis that is there.");
            }
        }

        return parts.Count == 0
            ? throw new ArrayException("There is nothing to stack. Pass at least one array.")
            : Concatenate([.. parts.Select(p => ExpandDims(p, [Strided.Axis(axis, p.Rank + 1)]))], Strided.Axis(axis, parts[0].Rank + 1));
    }

    /// <summary>New axes of length 1; positions are those in the result, from 0 and different.</summary>
    public static Recipe ExpandDims(Recipe recipe, int[] positions)
    {
        var axes = new int[recipe.Rank + positions.Length];
        var next = 0;
        for (var axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = positions.Contains(axis) ? -1 : next++;
        }

        return Element.Axes(recipe, axes, Array.ConvertAll(axes, a => a < 0 ? [1L] : recipe.Chunks[a]));
    }
}
