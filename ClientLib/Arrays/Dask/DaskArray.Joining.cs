using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Joins arrays.</summary>
public abstract partial class DaskArray
{
    /// <summary>One after the other along an axis that is there; all other lengths are equal.</summary>
    public static DaskArray<T> Concatenate<T>(IReadOnlyList<DaskArray<T>> arrays, int axis = 0)
        where T : unmanaged => new(Join.Concatenate([.. arrays.Select(a => a.Recipe)], axis));

    /// <summary>Side by side along a new axis; all shapes are equal.</summary>
    public static DaskArray<T> Stack<T>(IReadOnlyList<DaskArray<T>> arrays, int axis = 0)
        where T : unmanaged => new(Join.Stack([.. arrays.Select(a => a.Recipe)], axis));

    /// <summary>Along axis 1; arrays of one axis along axis 0.</summary>
    public static DaskArray<T> HStack<T>(IReadOnlyList<DaskArray<T>> arrays)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return Concatenate([.. arrays.Select(a => a.AtLeast1D())], arrays.Count > 0 && arrays[0].Rank > 1 ? 1 : 0);
    }

    /// <summary>Along axis 0; arrays of one axis become rows.</summary>
    public static DaskArray<T> VStack<T>(IReadOnlyList<DaskArray<T>> arrays)
        where T : unmanaged => Concatenate([.. arrays.Select(a => a.AtLeast2D())]);

    /// <summary>Along axis 2, which is added where it is missing.</summary>
    public static DaskArray<T> DStack<T>(IReadOnlyList<DaskArray<T>> arrays)
        where T : unmanaged => Concatenate([.. arrays.Select(a => a.AtLeast3D())], 2);

    /// <summary>All with the shape that they broadcast to.</summary>
    public static IReadOnlyList<DaskArray<T>> BroadcastArrays<T>(IReadOnlyList<DaskArray<T>> arrays)
        where T : unmanaged => [.. Element.Align([.. arrays.Select(a => a.Recipe)]).Inputs.Select(r => new DaskArray<T>(r))];

    /// <summary>A matrix of blocks, put together row by row.</summary>
    public static DaskArray<T> Block<T>(IReadOnlyList<IReadOnlyList<DaskArray<T>>> rows)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!rows.Any() || rows.Any(row => !row.Any()))
        {
            throw new ArrayException("A block of no rows, or with a row of no arrays. Pass at least one array in each row.");
        }

        var rank = Math.Max(2, rows.Max(r => r.Max(a => a.Rank)));
        DaskArray<T> Full(DaskArray<T> array) => array.Rank < rank ? Full(array.ExpandDims(0)) : array;
        return Concatenate([.. rows.Select(r => Concatenate([.. r.Select(Full)], rank - 1))], rank - 2);
    }

    /// <summary>Blocks side by side along their last axis.</summary>
    public static DaskArray<T> Block<T>(IReadOnlyList<DaskArray<T>> row)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(row);
        if (!row.Any())
        {
            throw new ArrayException("A row of no arrays. Pass at least one.");
        }

        var rank = Math.Max(1, row.Max(a => a.Rank));
        DaskArray<T> Full(DaskArray<T> array) => array.Rank < rank ? Full(array.ExpandDims(0)) : array;
        return Concatenate([.. row.Select(Full)], rank - 1);
    }

    /// <summary><paramref name="x"/> where the condition holds, else <paramref name="y"/>; all three broadcast.</summary>
    public static DaskArray<T> Where<T>(DaskArray<bool> condition, DaskArray<T> x, DaskArray<T> y)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return new(Element.Where(condition.Recipe, x.Recipe, y.Recipe));
    }

    /// <summary>Ones on diagonal k of an n x m matrix, zeros elsewhere.</summary>
    public static DaskArray<T> Eye<T>(long n, long? m = null, int k = 0, ChunkSpec chunks = default)
        where T : unmanaged
    {
        var cut = chunks.Resolve([n, m ?? n], DTypes.Of<T>());
        return new(Element.Cast(Creation.Diagonal(cut[0], cut[1], k), DTypes.Of<T>()));
    }

    /// <summary>Ones at and below diagonal k of an n x m matrix, zeros above.</summary>
    public static DaskArray<T> Tri<T>(long n, long? m = null, int k = 0, ChunkSpec chunks = default)
        where T : unmanaged
    {
        var cut = chunks.Resolve([n, m ?? n], DTypes.Of<T>());
        return new(Element.Cast(Creation.Triangle(cut[0], cut[1], k), DTypes.Of<T>()));
    }

    /// <summary>The grid of positions: entry k along the first axis is the position along axis k.</summary>
    public static DaskArray<T> Indices<T>(Shape dimensions, ChunkSpec chunks = default)
        where T : unmanaged
    {
        var shape = dimensions.Checked();
        var cut = chunks.Resolve(shape, DTypes.Of<T>());
        return shape.Length == 0 ? new(Element.Constant(DTypes.Of<T>(), default(T), [[0]]))
            : new(Join.Stack([.. shape.Select((_, axis) => Element.Cast(Iota(axis, cut), DTypes.Of<T>()))], 0));
    }

    /// <summary>Coordinates of a grid: entry k varies along axis k (<c>"ij"</c>), or the first two exchanged (<c>"xy"</c>).</summary>
    /// <param name="arrays">One axis each.</param>
    /// <param name="indexing">"xy" or "ij".</param>
    /// <param name="sparse">Leave axes along which nothing changes at length 1.</param>
    public static IReadOnlyList<DaskArray<T>> MeshGrid<T>(IReadOnlyList<DaskArray<T>> arrays, string indexing = "xy", bool sparse = false)
        where T : unmanaged => [.. MeshGrid((IReadOnlyList<DaskArray>)arrays, indexing, sparse).Cast<DaskArray<T>>()];

    /// <summary>Coordinates of a grid, each of its own type.</summary>
    /// <inheritdoc cref="MeshGrid{T}"/>
    public static IReadOnlyList<DaskArray> MeshGrid(IReadOnlyList<DaskArray> arrays, string indexing = "xy", bool sparse = false)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        if (indexing is not ("xy" or "ij"))
        {
            throw new ArrayException($"Indexing '{indexing}' is unknown. Pass \"xy\" or \"ij\".");
        }

        var axes = Enumerable.Range(0, arrays.Count).Select(i => indexing == "xy" && arrays.Count > 1 && i < 2 ? 1 - i : i).ToArray();
        var open = arrays.Select((a, i) =>
        {
            var shape = Enumerable.Repeat(1L, arrays.Count).ToArray();
            shape[axes[i]] = -1;
            return Orleans.Dask.Arrays.Reshape.To(Orleans.Dask.Arrays.Reshape.To(a.Recipe, [-1]), shape);
        }).ToArray();
        return [.. (sparse ? open : Element.Align(open).Inputs).Select(Create)];
    }
}
