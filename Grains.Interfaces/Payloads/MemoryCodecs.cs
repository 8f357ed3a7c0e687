using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Windows on memory: what they show travels, what lies around it stays.</summary>
internal sealed class MemoryCodec<T> : ValueCodec<Memory<T>>
{
    public override void Write(PayloadWriter writer, Memory<T> value) => Windows.Write(writer, (ReadOnlyMemory<T>)value);

    public override Memory<T> Read(ref PayloadReader reader) => Items<T>.ReadArray(ref reader);
}

/// <inheritdoc cref="MemoryCodec{T}"/>
internal sealed class ReadOnlyMemoryCodec<T> : ValueCodec<ReadOnlyMemory<T>>
{
    public override void Write(PayloadWriter writer, ReadOnlyMemory<T> value) => Windows.Write(writer, value);

    public override ReadOnlyMemory<T> Read(ref PayloadReader reader) => Items<T>.ReadArray(ref reader);
}

/// <inheritdoc cref="MemoryCodec{T}"/>
internal sealed class ArraySegmentCodec<T> : ValueCodec<ArraySegment<T>>
{
    public override void Write(PayloadWriter writer, ArraySegment<T> value) => Windows.Write<T>(writer, value.AsMemory());

    public override ArraySegment<T> Read(ref PayloadReader reader) => Items<T>.ReadArray(ref reader);
}

internal static class Windows
{
    public static void Write<T>(PayloadWriter writer, ReadOnlyMemory<T> value)
    {
        writer.WriteVarUInt((uint)value.Length);
        Items<T>.Write(writer, value.Span, MemoryMarshal.TryGetArray(value, out var segment) ? segment.Array : null);
    }
}
