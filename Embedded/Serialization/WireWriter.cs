using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// Writes wire values into a buffer; end with <see cref="Complete"/>. References count from where the writer began, so a reader
/// must be given exactly the bytes of one writer. After an exception the buffer holds half a message: throw it away.
/// </summary>
internal ref partial struct WireWriter
{
    private readonly int _blockSize;
    private readonly KeyProof? _proof;
    private Span<byte> _block;
    private int _used;
    private int _flushed;
    private int _depth;
    private WriterReferences? _references;

    /// <param name="blockSize">How much room to ask for at a time; tests ask for little, to meet every boundary.</param>
    public WireWriter(IBufferWriter<byte> output, int blockSize = 256)
    {
        Output = output;
        _blockSize = blockSize;
        _block = output.GetSpan(blockSize);
    }

    /// <summary>Writes each object in full wherever it appears, as far as <paramref name="proof"/> wants to see it.</summary>
    public WireWriter(IBufferWriter<byte> output, KeyProof proof)
        : this(output) => _proof = proof;

    public IBufferWriter<byte> Output { get; }

    /// <summary>Bytes written since the writer began.</summary>
    public readonly int Position => _flushed + _used;

    /// <summary>Hands the last bytes to <see cref="Output"/>. The writer may go on after it, in the same message.</summary>
    public void Complete()
    {
        Flush();
        WriterReferences.Return(ref _references);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value)
    {
        if (_used >= _block.Length)
        {
            Grow(1);
        }

        _block[_used++] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteVarint(ulong value)
    {
        if (value < 0x80)
        {
            WriteByte((byte)value);
        }
        else
        {
            WriteLongVarint(value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteZigzag(long value) => WriteVarint((ulong)(value << 1) ^ (ulong)(value >> 63));

    public void WriteFixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        _used += sizeof(uint);
    }

    public void WriteFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        _used += sizeof(ulong);
    }

    /// <summary>Raw bytes without a length.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> value)
    {
        if (value.Length > _block.Length - _used)
        {
            // A large block gets a span of its own size: one copy, no pieces.
            Grow(value.Length);
        }

        value.CopyTo(_block[_used..]);
        _used += value.Length;
    }

    /// <summary>A block with its length.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        WriteVarint((ulong)value.Length + 1);
        WriteRaw(value);
    }

    public void WriteNullBytes() => WriteByte(0);

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteByte(0);
            return;
        }

        // Text of up to 41 characters fits one length byte whatever it holds, so it is encoded in place.
        if (value.Length <= 41)
        {
            var room = Reserve(1 + (value.Length * 3));
            var written = Encoding.UTF8.GetBytes(value, room[1..]);
            room[0] = (byte)(written + 1);
            _used += written + 1;
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        WriteVarint((ulong)length + 1);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        _used += length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMemberHeader(uint id, WireKind kind) => WriteVarint(((ulong)id << 3) | (byte)kind);

    public void WriteEnd() => WriteByte((byte)WireKind.End);

    /// <summary>Closes the members of a base class.</summary>
    public void WriteEndOfBase() => WriteByte(WireReader.EndOfBase);

    /// <summary>Less than half of the depth allowed is used.</summary>
    public readonly bool HasRoomBelow => _depth < WireLimits.Default.MaxDepth / 2;

    /// <summary>One level deeper; pairs with <see cref="Leave"/>.</summary>
    public void Enter() => WireDepth.Check(++_depth, WireLimits.Default.MaxDepth);

    public void Leave() => _depth--;

    private Span<byte> Reserve(int size)
    {
        if (size > _block.Length - _used)
        {
            Grow(size);
        }

        return _block[_used..];
    }

    private void Flush()
    {
        if (_used > 0)
        {
            Output.Advance(_used);
            _flushed = checked(_flushed + _used);
            _used = 0;
        }

        _block = default;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        Flush();
        _block = Output.GetSpan(Math.Max(size, _blockSize));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteLongVarint(ulong value)
    {
        var room = Reserve(10);
        var length = 0;
        while (value >= 0x80)
        {
            room[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[length++] = (byte)value;
        _used += length;
    }
}
