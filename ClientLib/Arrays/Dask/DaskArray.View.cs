using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>The bytes of an array, read otherwise.</summary>
public abstract partial class DaskArray
{
    /// <summary>The bytes of the elements read as another type; the last axis grows or shrinks with the size.</summary>
    /// <exception cref="ShapeException">A chunk's last axis holds no whole number of the new elements.</exception>
    public DaskArray<T> View<T>()
        where T : unmanaged => (DaskArray<T>)View(DTypes.Of<T>());

    /// <inheritdoc cref="View{T}"/>
    public DaskArray View(DType type)
    {
        var (own, other) = (DType.Size(), DTypes.Known(type).Size());
        var chunks = (long[][])Recipe.Chunks.Clone();
        if (own != other)
        {
            if (Rank == 0 || Array.Exists(chunks[^1], c => c < 0 || c * own % other != 0))
            {
                throw new ShapeException($"Chunks of shape {Strided.Text(Recipe.Shape)} hold no whole numbers of {other} bytes along the last axis, their elements have {own}. Rechunk the last axis to a multiple of {Math.Max(1, other / own)}.");
            }

            chunks[^1] = Array.ConvertAll(chunks[^1], c => c * own / other);
        }

        return Create(BlockMap.Each("view", type, type, Recipe, chunks, block => Read(block, type), lends: true));
    }

    private static unsafe NDArray Read(NDArray block, DType type)
    {
        var source = Strided.Contiguous(block);
        var shape = (int[])block.Dimensions.Clone();
        if (shape.Length > 0)
        {
            shape[^1] = (int)((long)shape[^1] * block.DType.Size() / type.Size());
        }

        var result = NDArray.Allocate(type, shape);
        using var from = source.Pin();
        using var to = result.Pin();
        var start = (byte*)from.Pointer + ((long)source.Offset * source.DType.Size());
        Buffer.MemoryCopy(start, (byte*)to.Pointer + ((long)result.Offset * type.Size()), result.NBytes, source.NBytes);
        return result;
    }
}
