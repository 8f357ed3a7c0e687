using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// An n-dimensional array in memory: strided, row-major unless it is a view of another walk. Operations are NumPy's; they give
/// new arrays, or views where NumPy gives views. A value of a task is never changed after it was made.
/// </summary>
/// <typeparam name="T">bool, an integer of 1 to 8 bytes, Half, float, double or Complex.</typeparam>
[PayloadCodec(typeof(NDArrayCodec<>))]
public sealed class NDArray<T> : NDArray
    where T : unmanaged
{
    private readonly T[] _buffer;
    private readonly ChunkLease<T>? _lease;

    /// <summary>An array whose elements are not set yet.</summary>
    internal NDArray(int[] shape)
        : this(shape, ChunkPool<T>.TryRent(Strided.Size(shape)))
    {
    }

    private NDArray(int[] shape, ChunkLease<T>? lease)
        : base(DTypes.Of<T>(), shape, Strided.RowMajor(shape), lease?.Start ?? 0) =>
        (_lease, _buffer) = (lease, lease?.Array ?? GC.AllocateUninitializedArray<T>(Size));

    internal NDArray(T[] buffer, int[] shape)
        : this(buffer, shape, Strided.RowMajor(shape), 0)
    {
        if (Size != buffer.Length)
        {
            throw new ShapeException($"{buffer.Length} elements do not fill shape {Strided.Text(shape)}, which has {Size}.");
        }
    }

    /// <summary>One axis of elements that are not set yet, in memory that one of about the same length can use again.</summary>
    internal static NDArray<T> OfLength(int length) => new([length], ChunkPool<T>.TryRent(ChunkPool<T>.Rounded(length)));

    private NDArray(T[] buffer, int[] shape, int[] strides, int offset, ChunkLease<T>? lease = null)
        : base(DTypes.Of<T>(), shape, strides, offset)
    {
        // Kernels walk by pointer: whatever led to this view, it must not lead outside the buffer.
        Strided.RequireInside(shape, strides, offset, buffer.Length);
        (_buffer, _lease) = (buffer, lease);
    }

    /// <summary>The elements in row-major order: the buffer itself where they lie so, else a copy.</summary>
    public ReadOnlySpan<T> Span => ContiguousSpan();

    internal override Array Buffer => _buffer;

    /// <summary>The element at a position; negative counts from the end.</summary>
    /// <exception cref="ArrayIndexException">Outside the array, or not one number per axis.</exception>
    public T this[params ReadOnlySpan<int> position] => _buffer[Strided.Position(this, position)];

    /// <summary>A view, or with lists and masks a copy, as NumPy's indexing gives it.</summary>
    public NDArray<T> this[params ReadOnlySpan<IndexItem> items] => (NDArray<T>)Indexer.Select(this, items);

    /// <summary>The only element.</summary>
    /// <exception cref="ShapeException">There is not exactly one.</exception>
    public T ToScalar() => Size == 1 ? _buffer[Offset] : throw new ShapeException(
        $"An array of shape {Strided.Text(Dimensions)} has {Size} elements, ToScalar() takes the only one. Index it, or reduce it first.");

    /// <summary>The elements in row-major order, in an array of their own.</summary>
    [SuppressMessage("Design", "CA1024", Justification = "It copies.")]
    public T[] ToArray() => Span.ToArray();

    /// <summary>A number as an array without axes.</summary>
    public static implicit operator NDArray<T>(T value) => new([value], []);

    /// <summary>One axis of these elements; the array is used, not copied.</summary>
    public static implicit operator NDArray<T>(T[] values) => new(values ?? throw new ArgumentNullException(nameof(values)), [values.Length]);

    internal Span<T> Data => _buffer.AsSpan(Offset, Size);

    internal override NDArray View(int[] shape, int[] strides, int offset) => new NDArray<T>(_buffer, shape, strides, offset, _lease);

    internal override NDArray NewOfLength(int length) => OfLength(length);

    private protected override ILent? Lease => _lease;

    internal override MemoryHandle Pin() => (_lease is null ? new Memory<T>(_buffer) : MemoryMarshal.CreateFromPinnedArray(_buffer, 0, _buffer.Length)).Pin();

    internal override object BoxedItem(int bufferIndex) => _buffer[bufferIndex];

    private ReadOnlySpan<T> ContiguousSpan() =>
        IsContiguous ? _buffer.AsSpan(Offset, Size) : ((NDArray<T>)Strided.Copy(this)).Data;
}
