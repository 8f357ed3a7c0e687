using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Chooses between arrays, and positions by number.</summary>
public abstract partial class DaskArray
{
    /// <summary>The choice of the first condition that holds, element by element; the default where none does.</summary>
    public static DaskArray<T> Select<T>(IReadOnlyList<DaskArray<bool>> conditions, IReadOnlyList<DaskArray<T>> choices, T @default = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(choices);
        if (conditions.Count != choices.Count)
        {
            throw new ArrayException($"{conditions.Count} conditions for {choices.Count} choices. Pass one for each.");
        }

        DaskArray<T> result = @default;
        for (var i = conditions.Count - 1; i >= 0; i--)
        {
            result = Where(conditions[i], choices[i], result);
        }

        return result;
    }

    /// <summary>Element by element, the function of the last condition that holds; <paramref name="otherwise"/> of the element, or 0, where none does.</summary>
    /// <param name="array">What the functions take.</param>
    /// <param name="conditions">Each of the array's shape.</param>
    /// <param name="functions">One per condition; of the whole array, as an expression: <c>x => -x</c>.</param>
    /// <param name="otherwise">Where no condition holds.</param>
    /// <remarks>As numpy.piecewise: every function is computed everywhere, in one pass per chunk.</remarks>
    public static DaskArray<T> Piecewise<T>(DaskArray<T> array, IReadOnlyList<DaskArray<bool>> conditions, IReadOnlyList<Func<DaskArray<T>, DaskArray<T>>> functions, Func<DaskArray<T>, DaskArray<T>>? otherwise = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(functions);
        if (conditions.Count != functions.Count)
        {
            throw new ArrayException($"{conditions.Count} conditions for {functions.Count} functions. Pass one for each, and what holds elsewhere as otherwise.");
        }

        var result = (otherwise?.Invoke(array) ?? default(T)).BroadcastTo((Shape)array.Recipe.Shape);
        for (var i = 0; i < conditions.Count; i++)
        {
            result = Where(conditions[i], functions[i](array), result);
        }

        return result;
    }

    /// <summary>Element by element, the entry of the choice that the index names.</summary>
    /// <exception cref="ArrayIndexException">When computed: an index outside.</exception>
    public static DaskArray<T> Choose<T>(DaskArray<long> index, IReadOnlyList<DaskArray<T>> choices)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(choices);
        var count = choices.Count;
        var known = index.Map(i => i >= 0 && i < count ? i
            : throw new ArrayIndexException($"Index {i} names none of {count} choices. Use 0 to {count - 1}."));
        var result = Where(known.Equal((DaskArray<long>)0L), choices[0], choices[^1]);
        for (var i = 1; i < count; i++)
        {
            result = Where(known.Equal((DaskArray<long>)i), choices[i], result);
        }

        return result;
    }

    /// <summary>Row and column positions of the triangle at and below diagonal k of an n x m matrix, row by row.</summary>
    public static IReadOnlyList<DaskArray<long>> TrilIndices(long n, int k = 0, long? m = null, ChunkSpec chunks = default) => Positions(Tri<bool>(n, m, k, chunks));

    /// <summary>Row and column positions of the triangle at and above diagonal k of an n x m matrix, row by row.</summary>
    public static IReadOnlyList<DaskArray<long>> TriuIndices(long n, int k = 0, long? m = null, ChunkSpec chunks = default) => Positions(!Tri<bool>(n, m, k - 1, chunks));

    /// <summary>Coordinates of positions in the flattened array of a shape; row-major ("C") or column-major ("F").</summary>
    /// <exception cref="ArrayIndexException">When computed: outside the shape.</exception>
    public static IReadOnlyList<DaskArray<long>> UnravelIndex(DaskArray<long> indices, Shape shape, string order = "C")
    {
        ArgumentNullException.ThrowIfNull(indices);
        var lengths = shape.Checked();
        var size = Shapes.Size(lengths);
        var rest = indices.Map(i => i >= 0 && i < size ? i : throw new ArrayIndexException($"Position {i} is outside an array of {size} elements."));
        var result = new DaskArray<long>[lengths.Length];
        foreach (var axis in order == "F" ? Enumerable.Range(0, lengths.Length) : Enumerable.Range(0, lengths.Length).Reverse())
        {
            result[axis] = rest.Mod(lengths[axis]);
            rest = rest.FloorDivide(lengths[axis]);
        }

        return result;
    }

    /// <summary>Positions in the flattened array of a shape, of coordinates in rows (one row per axis).</summary>
    /// <param name="coordinates">Shape (axes, points).</param>
    /// <param name="dims">The shape.</param>
    /// <param name="mode">"raise", "wrap" or "clip": what to do with coordinates outside.</param>
    /// <param name="order">"C" or "F".</param>
    public static DaskArray<long> RavelMultiIndex(DaskArray<long> coordinates, Shape dims, string mode = "raise", string order = "C")
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        var lengths = dims.Checked();
        DaskArray<long>? flat = null;
        foreach (var axis in order == "F" ? Enumerable.Range(0, lengths.Length).Reverse() : Enumerable.Range(0, lengths.Length))
        {
            var length = lengths[axis];
            var along = mode switch
            {
                "wrap" => coordinates[axis].Mod(length),
                "clip" => coordinates[axis].Clip(0, length - 1),
                _ => coordinates[axis].Map(i => i >= 0 && i < length ? i : throw new ArrayIndexException($"Coordinate {i} is outside axis {axis} of length {length}.")),
            };
            flat = flat is null ? along : (flat * length) + along;
        }

        return flat!;
    }

    private static IReadOnlyList<DaskArray<long>> Positions(DaskArray<bool> mask) => mask.NonZero();
}
