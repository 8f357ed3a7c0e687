using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Orleans.Dask.Grains.Interfaces.Payloads;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Reads what <see cref="PayloadWriter"/> wrote, from bytes that may be damaged or forged: every length is checked against what is
/// left before anything is allocated, and whatever is wrong is a <see cref="PayloadException"/>.
/// </summary>
public ref partial struct PayloadReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes;      // value and put-off bodies, without the table of assemblies
    private readonly ReadOnlySpan<byte> _table;
    private readonly PayloadDecoding _decoding;
    private readonly int _maxObjects;
    private int _position;
    private int _objectsLeft;
    private long _memoryLeft;

    // Made when the first type, object or put-off body comes: most payloads are small and have none.
    private AssemblyIdentity[]? _assemblies;
    private List<Type>? _types;
    private List<object?>? _objects;
    private Queue<(Codec Codec, object Value)>? _deferred;
    private Queue<Action>? _unfinished;
    private int _typeDepth;
    private int _depth;
    private int _undeferrable;

    internal PayloadReader(ReadOnlySpan<byte> payload, PayloadDecoding decoding)
    {
        var limits = decoding.Limits;
        if (payload.Length > limits.Bytes)
        {
            throw new PayloadException($"the payload has {payload.Length:N0} bytes, more than the {limits.Bytes:N0} allowed here (PayloadLimits.Bytes).");
        }

        _decoding = decoding;
        _maxObjects = limits.Objects;
        _objectsLeft = limits.Objects;
        _memoryLeft = (1L << 20) + ((long)limits.Expansion * payload.Length);
        PayloadHeader.Split(payload, out _bytes, out _table);
    }

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    internal readonly PayloadLimits Limits => _decoding.Limits;

    /// <summary>Ends reading: what was found, what was expected.</summary>
    [DoesNotReturn]
    public static void Fail(string message) => throw new PayloadException(message);

    /// <summary>One byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte()
    {
        if ((uint)_position >= (uint)_bytes.Length)
        {
            FailShort(1);
        }

        return _bytes[_position++];
    }

    /// <summary>What <see cref="PayloadWriter.WriteBoolean"/> wrote.</summary>
    public bool ReadBoolean()
    {
        var value = ReadByte();
        if (value > 1)
        {
            Fail($"found {value} where true (1) or false (0) is expected.");
        }

        return value == 1;
    }

    /// <summary>What <see cref="PayloadWriter.WriteInt32"/> wrote.</summary>
    public int ReadInt32()
    {
        var value = ReadVarUInt();
        if (value > uint.MaxValue)
        {
            Fail($"found an integer beyond 32 bits where an Int32 is expected.");
        }

        return (int)((uint)value >> 1) ^ -(int)(value & 1);
    }

    /// <summary>What <see cref="PayloadWriter.WriteInt64"/> wrote.</summary>
    public long ReadInt64()
    {
        var value = ReadVarUInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Eight bytes.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(ReadBytes(8));

    /// <summary>What <see cref="PayloadWriter.WriteVarUInt"/> wrote.</summary>
    public ulong ReadVarUInt()
    {
        var first = ReadByte();
        if (first < 0x80)
        {
            return first;
        }

        ulong value = first & 0x7Fu;
        for (var shift = 7; shift < 64; shift += 7)
        {
            var next = ReadByte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        Fail("found an integer beyond 64 bits.");
        return 0;
    }

    /// <summary>A count of items that take at least so many bytes each: never more than can still follow.</summary>
    /// <param name="bytesPerItem">Least length of one item in the payload; at least 1.</param>
    public int ReadLength(int bytesPerItem = 1)
    {
        var count = ReadVarUInt();
        if (count > (ulong)(Remaining / bytesPerItem))
        {
            Fail($"a length of {count:N0} items of at least {bytesPerItem} bytes is announced, but only {Remaining:N0} bytes are left.");
        }

        return (int)count;
    }

    /// <summary>As many items as <paramref name="target"/> holds, from one block.</summary>
    public void ReadBlock<T>(Span<T> target)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(target);
        ReadBytes(bytes.Length).CopyTo(bytes);
    }

    /// <summary>An array of so many items from one block. The bytes are there before the memory is asked for.</summary>
    public T[] ReadBlock<T>(int count)
        where T : unmanaged
    {
        if (count < 0 || (long)count * Unsafe.SizeOf<T>() > Remaining)
        {
            Fail($"a block of {count:N0} items of {Unsafe.SizeOf<T>()} bytes is announced, but only {Remaining:N0} bytes are left.");
        }

        Charge((long)count * Unsafe.SizeOf<T>());
        var items = GC.AllocateUninitializedArray<T>(count);
        ReadBlock(items.AsSpan());
        return items;
    }

    /// <summary>The next bytes, in place.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            FailShort(count);
        }

        var bytes = _bytes.Slice(_position, count);
        _position += count;
        return bytes;
    }

    /// <summary>What <see cref="PayloadWriter.WriteString"/> wrote.</summary>
    public string? ReadString()
    {
        var header = ReadVarUInt();
        if (header == 0)
        {
            return null;
        }

        if (header == 1)
        {
            return ReadBack(ReadVarUInt()) as string ?? throw new PayloadException("a reference to an earlier string leads to something else.");
        }

        header -= 2;
        var isUtf16 = (header & 1) != 0;
        var count = header >> 1;
        if (count > (ulong)(isUtf16 ? Remaining / 2 : Remaining))
        {
            Fail($"a string of {count:N0} {(isUtf16 ? "UTF-16 units" : "bytes")} is announced, but only {Remaining:N0} bytes are left.");
        }

        var bytes = ReadBytes((int)count * (isUtf16 ? 2 : 1));
        CountObject((bytes.Length * (isUtf16 ? 1 : 2)) + 24);
        var text = isUtf16 ? new string(MemoryMarshal.Cast<byte, char>(bytes)) : DecodeUtf8(bytes);
        if (text.Length >= PayloadWriter.SharedStringLength)
        {
            Enlist(text);
        }

        return text;
    }

    /// <summary>A value written by <see cref="PayloadWriter.WriteValue{T}"/>.</summary>
    public T ReadValue<T>() => Slot<T>.Read(ref this);

    /// <summary>Accounts for memory about to be allocated.</summary>
    /// <exception cref="PayloadException">The payload asks for more than its length justifies.</exception>
    public void Charge(long bytes)
    {
        _memoryLeft -= bytes;
        if (_memoryLeft < 0)
        {
            Fail($"it asks for more than {Limits.Expansion} times its own length of {_bytes.Length:N0} bytes in memory (PayloadLimits.Expansion).");
        }
    }

    internal void CountObject(long bytes)
    {
        if (--_objectsLeft < 0)
        {
            Fail($"it holds more than {_maxObjects:N0} objects (PayloadLimits.Objects).");
        }

        Charge(bytes);
    }

    private static string DecodeUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new PayloadException("found bytes that aren't UTF-8 in a string.", error);
        }
    }

    [DoesNotReturn]
    private readonly void FailShort(int count) => Fail($"{count:N0} bytes are expected here, but only {Remaining:N0} are left: the payload is cut short.");
}
