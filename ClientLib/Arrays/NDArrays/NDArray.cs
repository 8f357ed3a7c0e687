using System.Buffers;
using System.Numerics;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// An n-dimensional array in memory, of an element type known at run time: a buffer, and how to walk it. Views share the
/// buffer; the typed face is <see cref="NDArray{T}"/>.
/// </summary>
public abstract class NDArray : IRawValue, ILent
{
    private protected NDArray(DType type, int[] shape, int[] strides, int offset)
    {
        DType = type;
        Dimensions = shape;
        Steps = strides;
        Size = Strided.Size(shape);

        // A view of nothing may begin beyond its buffer, which no span would.
        Offset = Size == 0 ? 0 : offset;
    }

    /// <summary>Type of the elements.</summary>
    public DType DType { get; }

    /// <summary>Length of each axis; empty for a single value.</summary>
    public ReadOnlySpan<int> Shape => Dimensions;

    /// <summary>Per axis, how many elements apart two neighbours lie in the buffer; negative when reversed, 0 when broadcast.</summary>
    public ReadOnlySpan<int> Strides => Steps;

    /// <summary>Number of axes.</summary>
    public int Rank => Dimensions.Length;

    /// <summary>Number of elements.</summary>
    public int Size { get; }

    /// <summary>Bytes of all elements together.</summary>
    public long NBytes => (long)Size * DType.Size();

    long ISizedValue.SizeInBytes => NBytes;

    long IRawValue.RawLength => NBytes;

    void IRawValue.WriteRaw(Action<ReadOnlySpan<byte>> write) => RawArray.Write(this, write);

    IRawForm IRawValue.FormOf(IRawBytes bytes) => new RawArray(DType, Dimensions, bytes);

    /// <summary>The pooled memory behind the buffer, if it is such.</summary>
    private protected abstract ILent? Lease { get; }

    void ILent.Hold() => Lease?.Hold();

    void ILent.LetGo() => Lease?.LetGo();

    void ILent.Keep() => Lease?.Keep();

    /// <summary>True when the elements lie one after the other in row-major order.</summary>
    public bool IsContiguous => Strided.IsContiguous(Dimensions, Steps);

    internal int[] Dimensions { get; }

    internal int[] Steps { get; }

    internal int Offset { get; }

    /// <summary>The buffer, shared by all views of it.</summary>
    internal abstract Array Buffer { get; }

    /// <summary>Another walk through the same buffer.</summary>
    internal abstract NDArray View(int[] shape, int[] strides, int offset);

    /// <summary>Holds the buffer in place; the pointer is that of its first element, from which this array's first is <see cref="Offset"/> away.</summary>
    internal abstract MemoryHandle Pin();

    /// <summary>The only element, as an object.</summary>
    internal abstract object BoxedItem(int bufferIndex);

    /// <summary>As <see cref="NDArray{T}.OfLength"/>, of this type.</summary>
    internal abstract NDArray NewOfLength(int length);

    /// <summary>An array whose elements are not set yet.</summary>
    internal static NDArray Allocate(DType type, params int[] shape) => type switch
    {
        DType.Bool => new NDArray<bool>(shape),
        DType.Int8 => new NDArray<sbyte>(shape),
        DType.UInt8 => new NDArray<byte>(shape),
        DType.Int16 => new NDArray<short>(shape),
        DType.UInt16 => new NDArray<ushort>(shape),
        DType.Int32 => new NDArray<int>(shape),
        DType.UInt32 => new NDArray<uint>(shape),
        DType.Int64 => new NDArray<long>(shape),
        DType.UInt64 => new NDArray<ulong>(shape),
        DType.Float16 => new NDArray<Half>(shape),
        DType.Float32 => new NDArray<float>(shape),
        DType.Float64 => new NDArray<double>(shape),
        _ => new NDArray<Complex>(shape),
    };

    /// <summary>This array with elements of <typeparamref name="T"/>: itself when it has them, else converted.</summary>
    public NDArray<T> AsType<T>()
        where T : unmanaged => (NDArray<T>)AsType(DTypes.Of<T>());

    /// <summary>Itself when its elements are of that type, else a converted copy: truncating toward zero, wrapping where too narrow.</summary>
    /// <exception cref="DTypeException">No such type.</exception>
    public NDArray AsType(DType type) => type == DType ? this : Elementwise.Convert(this, DTypes.Known(type));

    /// <summary>As NumPy prints it, with long axes summarised.</summary>
    public override string ToString() => ToString(new PrintOptions());

    /// <summary>As NumPy prints it, with these options.</summary>
    public string ToString(PrintOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ArrayText.Write(this, options);
    }
}
