using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Encodes values, one or very many, into one growing buffer. Not for two threads at a time.
/// <see cref="Append{T}"/> writes a whole payload each time; the other methods are for codecs (<see cref="PayloadCodec{T}"/>).
/// </summary>
/// <remarks>
/// A payload is: magic byte, flags, the value, bodies put off because they were nested too deeply, and, when the value names code
/// of a user, the table of assemblies with its length in the last four bytes. Integers are little-endian or variable-length.
/// </remarks>
public sealed partial class PayloadWriter
{
    internal const byte Magic = 0xD1;
    internal const byte HasAssemblies = 1;

    // From here on a large array is not copied into the buffer but remembered, and copied once into the finished payload.
    private const int LargeBlock = 32 * 1024;

    private byte[] _buffer = new byte[256];
    private int _position;

    /// <summary>A writer with an empty buffer.</summary>
    /// <param name="options">Limits. Null: the defaults.</param>
    public PayloadWriter(PayloadOptions? options = null) => Limits = (options ?? PayloadOptions.Default).Limits;

    /// <summary>All that was appended so far. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _position);

    /// <summary>Bytes appended so far.</summary>
    public int Position => _position;

    internal PayloadLimits Limits { get; set; }

    /// <summary>Appends a whole payload, readable by itself, without making a <see cref="Payload"/>.</summary>
    /// <returns>Where it begins in <see cref="Written"/>, and its length.</returns>
    /// <exception cref="PayloadException">A part of it can't travel. What was appended before stays.</exception>
    public (int Offset, int Length) Append<T>(T value)
    {
        var start = _position;
        try
        {
            Begin(start);
            WriteRoot(value);
            Finish(start);
        }
        catch
        {
            _position = start;
            Forget();
            throw;
        }

        return (start, _position - start);
    }

    /// <summary>Empties the buffer and keeps its memory for what comes next.</summary>
    public void Clear() => _position = 0;

    /// <summary>One byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value)
    {
        if (_position == _buffer.Length)
        {
            Grow(1);
        }

        _buffer[_position++] = value;
    }

    /// <summary>One byte, 0 or 1.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>A signed integer, short when near zero: 1 to 5 bytes.</summary>
    public void WriteInt32(int value) => WriteVarUInt((uint)((value << 1) ^ (value >> 31)));

    /// <summary>A signed integer, short when near zero: 1 to 10 bytes.</summary>
    public void WriteInt64(long value) => WriteVarUInt((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Eight bytes.</summary>
    public void WriteDouble(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(8), value);
        _position += 8;
    }

    /// <summary>An unsigned integer, short when small: 1 to 10 bytes. Also for lengths.</summary>
    public void WriteVarUInt(ulong value)
    {
        if (value < 0x80)
        {
            WriteByte((byte)value);
            return;
        }

        var target = Reserve(10);
        var n = 0;
        while (value >= 0x80)
        {
            target[n++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[n++] = (byte)value;
        _position += n;
    }

    /// <summary>Text or null, as UTF-8 where that loses nothing, else as UTF-16.</summary>
    public void WriteString(string? value)
    {
        // 0 is null, 1 a string written before; then (bytes * 2 + form) + 2.
        if (value is null)
        {
            WriteByte(0);
            return;
        }

        if (value.Length >= SharedStringLength)
        {
            if (TryFind(value, out var id))
            {
                WriteByte(1);
                WriteVarUInt((uint)id);
                return;
            }

            Assign(value);
        }

        if (value.Length < 40)
        {
            WriteShort(value);
            return;
        }

        var count = Encoding.UTF8.GetByteCount(value);
        if (count == value.Length || Utf8Keeps(value))
        {
            WriteVarUInt(((ulong)count << 1) + 2);
            Encoding.UTF8.GetBytes(value, Reserve(count));
            _position += count;
        }
        else
        {
            WriteUtf16(value);
        }
    }

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _position += bytes.Length;
    }

    /// <summary>The items' memory in one block, without a length. Read by <see cref="PayloadReader.ReadBlock{T}(Span{T})"/>.</summary>
    public void WriteBlock<T>(ReadOnlySpan<T> items)
        where T : unmanaged => WriteBytes(MemoryMarshal.AsBytes(items));

    /// <summary>The array's memory in one block, without a length; a large one is copied only once, into the finished payload, so don't change it before.</summary>
    public void WriteBlock<T>(T[] items, int start, int count)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(items);
        var bytes = MemoryMarshal.AsBytes(items.AsSpan(start, count));
        WriteMemoryOf(items, bytes);
    }

    /// <summary>Any value, by the codec of its type; null and shared references included.</summary>
    public void WriteValue<T>(T value) => Payloads.Slot<T>.Write(this, value);

    internal void WriteMemoryOf(Array owner, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < LargeBlock || _blocks is null)
        {
            WriteBytes(bytes);
        }
        else
        {
            var first = (nint)Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(owner), ref MemoryMarshal.GetReference(bytes));
            _blocks.Add(new Block(_position, owner, first, bytes.Length));
            _blockBytes += bytes.Length;
        }
    }

    internal Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _position < count)
        {
            Grow(count);
        }

        return _buffer.AsSpan(_position);
    }

    internal void Advance(int count) => _position += count;

    private void WriteShort(string value)
    {
        var target = Reserve((value.Length * 3) + 2);
        if (Utf8.FromUtf16(value, target[2..], out _, out var count, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            WriteUtf16(value);
            return;
        }

        // At most 117 bytes, so the header takes one byte or two: keep the common case, up to 62 bytes, at one.
        var header = (count << 1) + 2;
        if (header < 0x80)
        {
            target[0] = (byte)header;
            target.Slice(2, count).CopyTo(target[1..]);
            _position += count + 1;
        }
        else
        {
            target[0] = (byte)(header | 0x80);
            target[1] = (byte)(header >> 7);
            _position += count + 2;
        }
    }

    // Lone surrogates are legal in a string and have no UTF-8.
    private static bool Utf8Keeps(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]))
            {
                if (!char.IsHighSurrogate(value[i]) || i + 1 == value.Length || !char.IsLowSurrogate(value[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    private void WriteUtf16(string value)
    {
        WriteVarUInt(((ulong)value.Length << 1) + 3);
        WriteBytes(MemoryMarshal.AsBytes(value.AsSpan()));
    }

    private void Grow(int count)
    {
        var needed = (long)_position + count;
        if (needed > Limits.Bytes || needed > Array.MaxLength)
        {
            throw new PayloadException($"the value takes more than {Math.Min(Limits.Bytes, Array.MaxLength):N0} bytes. "
                + "Send it in pieces: one chunk or partition a task.");
        }

        Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, _buffer.Length * 2L)));
    }
}
