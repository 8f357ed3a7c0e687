using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// Reads wire values from the bytes that one <see cref="WireWriter"/> wrote, within limits: whatever stands there, it returns or
/// throws <see cref="WireException"/>. Call <see cref="Dispose"/> to reuse its tables; forgetting it costs memory only.
/// </summary>
internal ref partial struct WireReader
{
    /// <summary>Closes the members of a base class: an end with id 1.</summary>
    public const byte EndOfBase = (1 << 3) | (byte)WireKind.End;

    private readonly WireLimits _limits;
    private int _position;
    private int _depth;
    private long _memory;

    // Each object that was skipped is read again at most once, so honest messages never use this up; hostile ones cannot loop.
    private long _rereadable;
    private int _resolved;
    private ReaderReferences? _references;

    /// <param name="input">One message, contiguous.</param>
    /// <param name="runtime">Whose proxies the grain references in the message become; without one they are refused.</param>
    /// <param name="limits">Default: <see cref="WireLimits.Default"/>.</param>
    public WireReader(ReadOnlySpan<byte> input, IGrainRuntime? runtime = null, WireLimits? limits = null)
    {
        _limits = limits ?? WireLimits.Default;
        if (input.Length > _limits.MaxBytes)
        {
            throw new WireException($"The message has {input.Length} bytes, more than the {_limits.MaxBytes} allowed. Send large values in pieces.");
        }

        Input = input;
        Runtime = runtime;
        _memory = _limits.MaxExtraMemory + ((long)_limits.MemoryPerByte * input.Length);
        _rereadable = input.Length;
    }

    public ReadOnlySpan<byte> Input { get; }

    public IGrainRuntime? Runtime { get; }

    public readonly int Position => _position;

    public readonly int Remaining => Input.Length - _position;

    public void Dispose() => ReaderReferences.Return(ref _references);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte()
    {
        if ((uint)_position >= (uint)Input.Length)
        {
            ThrowEnded(1);
        }

        return Input[_position++];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint()
    {
        var first = ReadByte();
        return first < 0x80 ? first : ReadLongVarint(first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadZigzag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadRaw(sizeof(uint)));

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadRaw(sizeof(ulong)));

    /// <summary>Raw bytes; a view of the message.</summary>
    public ReadOnlySpan<byte> ReadRaw(int length)
    {
        if ((uint)length > (uint)Remaining)
        {
            ThrowEnded(length);
        }

        var start = _position;
        _position += length;
        return Input.Slice(start, length);
    }

    /// <summary>A block with its length; a view of the message. Null is told from empty.</summary>
    public ReadOnlySpan<byte> ReadBytes(out bool isNull)
    {
        var length = ReadVarint();
        isNull = length == 0;
        return isNull ? default : ReadRaw(CheckedCount(length - 1));
    }

    public string? ReadString()
    {
        var bytes = ReadBytes(out var isNull);
        if (isNull)
        {
            return null;
        }

        // Broken UTF-8 becomes replacement characters: text is data, not structure.
        return bytes.Length == 0 ? "" : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>How many elements follow. At least one byte stands for each, so the count cannot exceed what is left.</summary>
    public int ReadCount() => CheckedCount(ReadVarint());

    /// <summary>Takes memory for <paramref name="count"/> elements out of the message's allowance, before anything is allocated.</summary>
    public void Charge(int count, int size)
    {
        _memory -= (long)count * size;
        if (_memory < 0)
        {
            throw new WireException($"A message of {Input.Length} bytes asks for more memory than such a message may. Send large values in pieces.");
        }
    }

    /// <summary>The header of the next member: its id and kind, or an end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadMemberHeader(out WireKind kind)
    {
        var header = ReadVarint();
        kind = (WireKind)(header & 7);
        if (header > uint.MaxValue)
        {
            throw new WireException($"A member has the id {header >> 3}, larger than any id can be.");
        }

        return (uint)(header >> 3);
    }

    public void Enter() => WireDepth.Check(++_depth, _limits.MaxDepth);

    public void Leave() => _depth--;

    private readonly int CheckedCount(ulong count)
    {
        if (count > (ulong)Remaining)
        {
            ThrowEnded(count);
        }

        return (int)count;
    }

    private ulong ReadLongVarint(byte first)
    {
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

        throw new WireException($"A number that ends before byte {_position} does not fit 64 bits.");
    }

    [DoesNotReturn]
    private readonly void ThrowEnded(ulong wanted) => throw new WireException(
        $"{wanted} bytes or items should follow at byte {_position}, but only {Remaining} bytes are left. The message is truncated or damaged.");

    [DoesNotReturn]
    private readonly void ThrowEnded(int wanted) => ThrowEnded((ulong)(uint)wanted);
}
