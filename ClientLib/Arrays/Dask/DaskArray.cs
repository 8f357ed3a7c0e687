using System.Numerics;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// A lazy, chunked, n-dimensional array, of an element type known at run time: a recipe, never data. The typed face is
/// <see cref="DaskArray{T}"/>.
/// </summary>
public abstract partial class DaskArray
{
    private protected DaskArray(Recipe recipe) => Recipe = recipe;

    /// <summary>Type of the elements.</summary>
    public DType DType => Recipe.Type;

    /// <summary>Length of each axis; -1 where it is not known before something is computed.</summary>
    public IReadOnlyList<long> Shape => Recipe.Shape;

    /// <summary>Per axis the lengths of its chunks; -1 where one is not known.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Chunks => Recipe.Chunks;

    /// <summary>Number of axes.</summary>
    public int Rank => Recipe.Rank;

    /// <summary>Number of elements; -1 where it is not known.</summary>
    public long Size => Shapes.Size(Recipe.Shape);

    /// <summary>Bytes of all elements together; -1 where it is not known.</summary>
    public long NBytes => Size < 0 ? -1 : Size * DType.Size();

    /// <summary>Bytes an element takes.</summary>
    public int ItemSize => DType.Size();

    /// <summary>The longest chunk of each axis; -1 where it is not known.</summary>
    public IReadOnlyList<long> ChunkSize => Array.ConvertAll(Recipe.Chunks, c => Array.Exists(c, s => s < 0) ? Shapes.Unknown : c.Max());

    /// <summary>Number of chunks per axis.</summary>
    public IReadOnlyList<int> NumBlocks => Array.ConvertAll(Recipe.Chunks, c => c.Length);

    /// <summary>Number of chunks.</summary>
    public int NPartitions => Recipe.Chunks.Aggregate(1, (n, c) => checked(n * c.Length));

    /// <summary>Name of the content, the first part of its chunks' keys.</summary>
    public string Name => Source.Layer;

    internal Recipe Recipe { get; set; }

    internal SourceRecipe Source => Recipe.Materialize();

    /// <summary>The tasks that make the chunks; chunk i in row-major order is key <c>(Name, i)</c>.</summary>
    public TaskGraph ToGraph() => Source.Graph;

    /// <summary>The keys of the chunks, in row-major order.</summary>
    public IReadOnlyList<TaskKey> Keys()
    {
        var source = Source;
        return [.. Enumerable.Range(0, source.Grid.Count).Select(source.Key)];
    }

    /// <summary>This array with elements of <typeparamref name="T"/>: truncating toward zero, wrapping where too narrow, true where not zero.</summary>
    public DaskArray<T> AsType<T>()
        where T : unmanaged => (DaskArray<T>)AsType(DTypes.Of<T>());

    /// <inheritdoc cref="AsType{T}"/>
    public DaskArray AsType(DType type) => type == DType ? this : Create(Element.Cast(Recipe, DTypes.Known(type)));

    /// <summary>As <c>dask.array&lt;name, shape, dtype, chunksize&gt;</c> with chunks, tasks and bytes.</summary>
    public override string ToString() => DaskArrayText.Write(this);

    internal static DaskArray Create(Recipe recipe) => recipe.Type switch
    {
        DType.Bool => new DaskArray<bool>(recipe),
        DType.Int8 => new DaskArray<sbyte>(recipe),
        DType.UInt8 => new DaskArray<byte>(recipe),
        DType.Int16 => new DaskArray<short>(recipe),
        DType.UInt16 => new DaskArray<ushort>(recipe),
        DType.Int32 => new DaskArray<int>(recipe),
        DType.UInt32 => new DaskArray<uint>(recipe),
        DType.Int64 => new DaskArray<long>(recipe),
        DType.UInt64 => new DaskArray<ulong>(recipe),
        DType.Float16 => new DaskArray<Half>(recipe),
        DType.Float32 => new DaskArray<float>(recipe),
        DType.Float64 => new DaskArray<double>(recipe),
        _ => new DaskArray<Complex>(recipe),
    };

    internal static DaskArray<T> Create<T>(Recipe recipe)
        where T : unmanaged => new(recipe);
}
