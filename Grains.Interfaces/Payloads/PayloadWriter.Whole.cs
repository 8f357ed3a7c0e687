using System.Runtime.InteropServices;
using Orleans.Dask.Grains.Interfaces.Payloads;

namespace Orleans.Dask.Grains.Interfaces;

/// <content>A payload from its first to its last byte.</content>
public sealed partial class PayloadWriter
{
    private const int KeptBuffer = 1 << 20;

    [ThreadStatic]
    private static PayloadWriter? _spare;

    // Null while appending: Written must be one piece of memory.
    private List<Block>? _blocks;
    private long _blockBytes;

    /// <summary>Encodes one value into an array of exactly its length.</summary>
    internal static byte[] Encode<T>(T value, PayloadLimits limits)
    {
        // A codec of a user may encode a payload while it is itself at work; the nested call gets a writer of its own.
        var writer = _spare ?? new PayloadWriter();
        _spare = null;
        writer.Limits = limits;
        writer._blocks ??= [];
        try
        {
            writer.Begin(0);
            writer.WriteRoot(value);
            writer.Finish(0);
            return writer.Assemble();
        }
        finally
        {
            writer.Forget();
            writer._position = 0;
            writer._blocks.Clear();
            writer._blockBytes = 0;
            if (writer._buffer.Length <= KeptBuffer)
            {
                _spare = writer;
            }
        }
    }

    private void Begin(int start)
    {
        _position = start;
        WriteByte(Magic);
        WriteByte(0);
    }

    // The root is a slot of type object, so that its type is on the wire; a value type gets there without being boxed.
    private void WriteRoot<T>(T value)
    {
        if (typeof(T).IsValueType && Nullable.GetUnderlyingType(typeof(T)) is null)
        {
            WriteByte(Tag.New);
            WriteType(typeof(T));
            Slot<T>.Write(this, value);
        }
        else
        {
            WriteReference(value, null);
        }
    }

    private void Finish(int start)
    {
        DrainDeferred();
        if (_assemblies.Count > 0)
        {
            _buffer[start + 1] |= HasAssemblies;
            WriteAssemblies();
        }

        if (_position - start + _blockBytes is var length && length > Limits.Bytes)
        {
            throw new PayloadException($"the value takes {length:N0} bytes, more than the {Limits.Bytes:N0} that one payload may have. "
                + "Send it in pieces: one chunk or partition a task.");
        }

        Forget();
    }

    private byte[] Assemble()
    {
        var length = _position + _blockBytes;
        if (length > Array.MaxLength)
        {
            throw new PayloadException($"the value takes {length:N0} bytes; one payload can't have more than {Array.MaxLength:N0}. "
                + "Send it in pieces: one chunk or partition a task.");
        }

        var whole = GC.AllocateUninitializedArray<byte>((int)length);
        var target = whole.AsSpan();
        var from = 0;
        foreach (var block in CollectionsMarshal.AsSpan(_blocks))
        {
            _buffer.AsSpan(from, block.At - from).CopyTo(target);
            target = target[(block.At - from)..];
            block.Bytes.CopyTo(target);
            target = target[block.Length..];
            from = block.At;
        }

        _buffer.AsSpan(from, _position - from).CopyTo(target);
        return whole;
    }

    /// <summary>Memory of an array that belongs at a place of the buffer.</summary>
    private readonly record struct Block(int At, Array Owner, nint First, int Length)
    {
        public ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(
            ref System.Runtime.CompilerServices.Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(Owner), First), Length);
    }
}
