namespace Orleans.Dask.Arrays;

/// <summary>Builds elementwise recipes: types, broadcasting, and chunks that agree.</summary>
internal static class Element
{
    /// <summary>Programs beyond this are cut, so that building one stays cheap and its tiles stay in the cache.</summary>
    private const int MaxWeight = 60;

    public static Recipe Call(string name, params Recipe[] inputs)
    {
        var ufunc = Ufuncs.Find(name);
        var type = ufunc.ResultType(ufunc.LoopType(Array.ConvertAll(inputs, i => i.Type)));
        var (aligned, chunks) = Align(inputs);
        return new ElementRecipe(TileStep.Call, type, chunks, aligned, name);
    }

    public static Recipe Cast(Recipe input, DType type) =>
        input.Type == type ? input : new ElementRecipe(TileStep.Cast, type, input.Chunks, [Bounded(input)]);

    public static Recipe Where(Recipe condition, Recipe x, Recipe y)
    {
        var (aligned, chunks) = Align([condition, x, y]);
        return new ElementRecipe(TileStep.Where, DTypes.Promote(x.Type, y.Type), chunks, aligned);
    }

    public static Recipe Custom(TileKernel kernel, DType type, string token, params Recipe[] inputs)
    {
        var (aligned, chunks) = Align(inputs);
        return new ElementRecipe(TileStep.Custom, type, chunks, aligned, null, kernel, token);
    }

    public static Recipe Constant(DType type, object value, long[][] chunks) =>
        new ElementRecipe(TileStep.Constant, type, chunks, [], null, value);

    /// <summary>A single value of a type, without axes.</summary>
    public static Recipe Scalar(DType type, object value) => Constant(type, value, []);

    public static Recipe Source(PositionSource source, long[][] chunks) =>
        new ElementRecipe(TileStep.Source, source.Type, chunks, [], null, source);

    /// <summary>All inputs with one shape and one chunking.</summary>
    public static (Recipe[] Inputs, long[][] Chunks) Align(params Recipe[] inputs)
    {
        var shape = Shapes.Broadcast([.. inputs.Select(i => i.Shape)]);
        var chunks = new long[shape.Length][];
        for (var axis = 0; axis < chunks.Length; axis++)
        {
            var parts = inputs.Select(i => (Input: i, Axis: axis - (shape.Length - i.Rank)))
                .Where(p => p.Axis >= 0 && p.Input.Shape[p.Axis] == shape[axis]).Select(p => p.Input.Chunks[p.Axis]).ToArray();
            chunks[axis] = parts.Length == 0 ? [shape[axis]] : Unify.Common(parts, axis);
        }

        return (Array.ConvertAll(inputs, i => BroadcastTo(i, shape, chunks)), chunks);
    }

    /// <summary>With missing and length-1 axes repeated, and chunks as given.</summary>
    public static Recipe BroadcastTo(Recipe input, long[] shape, long[][] chunks)
    {
        var missing = shape.Length - input.Rank;
        var axes = new int[shape.Length];
        var own = (long[][])input.Chunks.Clone();
        var same = missing == 0;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            axes[axis] = axis < missing ? -1 : axis - missing;
            if (axis < missing)
            {
                continue;
            }

            if (input.Shape[axis - missing] == shape[axis] || shape[axis] < 0 || input.Shape[axis - missing] < 0)
            {
                own[axis - missing] = chunks[axis];
            }
            else if (input.Shape[axis - missing] == 1)
            {
                own[axis - missing] = [1];
                axes[axis] = -1;
                same = false;
            }
            else
            {
                throw new ShapeException($"Shape {Strided.Text(input.Shape)} does not broadcast to {Strided.Text(shape)}: aligned at the last axis, lengths must be equal or 1.");
            }
        }

        input = Bounded(Rechunk.To(input, own));
        return same ? input : Axes(input, axes, chunks);
    }

    /// <summary>Axes renamed, dropped or added; merged with a renaming that is there.</summary>
    public static Recipe Axes(Recipe input, int[] axes, long[][] chunks)
    {
        if (input is ElementRecipe { Step: TileStep.Constant } constant)
        {
            return constant.With(chunks, []);
        }

        if (axes.Length == input.Rank && !axes.Where((a, i) => a != i).Any())
        {
            return input;
        }

        if (input.HasSources)
        {
            input = input.Materialize();
        }

        return input is AxesRecipe view
            ? new AxesRecipe(view.Input, Array.ConvertAll(axes, a => a < 0 ? -1 : view.Axes[a]), chunks)
            : new AxesRecipe(input, axes, chunks);
    }

    private static Recipe Bounded(Recipe input) => input.Weight > MaxWeight ? input.Materialize() : input;
}
