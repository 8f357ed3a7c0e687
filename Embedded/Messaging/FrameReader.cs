using System.Buffers;
using System.Buffers.Binary;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>
/// Cuts a stream into frames. Each frame is handed out contiguous; a large one is received straight into a buffer of its size, so
/// that its bytes are copied once (which is why this is not a <c>PipeReader</c>: its segments would have to be put together again).
/// </summary>
internal sealed class FrameReader(Stream stream, int maxFrame) : IDisposable
{
    private const int SmallBuffer = 64 * 1024;

    // A peer that claims a large frame gets memory as its bytes arrive, not for its claim.
    private const int FirstLargeBuffer = 8 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private int _start;
    private int _end;

    public async ValueTask<bool> FillAsync()
    {
        MakeRoom();
        var read = await stream.ReadAsync(_buffer.AsMemory(_end));
        _end += read;
        return read > 0;
    }

    /// <summary>The next complete frame, valid until the next <see cref="FillAsync"/>.</summary>
    public bool TryRead(out ReadOnlySpan<byte> frame)
    {
        if (FrameLength() is not { } length || _end - _start - FrameBuffer.LengthBytes < length)
        {
            frame = default;
            return false;
        }

        frame = _buffer.AsSpan(_start + FrameBuffer.LengthBytes, length);
        _start += FrameBuffer.LengthBytes + length;
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private int? FrameLength()
    {
        if (_end - _start < FrameBuffer.LengthBytes)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        return length >= 0 && length <= maxFrame
            ? length
            : throw new WireException($"A frame claims {length} bytes, at most {maxFrame} are allowed.");
    }

    private void MakeRoom()
    {
        var held = _end - _start;
        var needed = FrameBuffer.LengthBytes + (FrameLength() ?? 0);
        var size = needed <= SmallBuffer ? SmallBuffer
            : needed <= FirstLargeBuffer ? needed
            : Math.Min(needed, Math.Max(FirstLargeBuffer, held * 2));
        if (_buffer.Length < size || (size == SmallBuffer && _buffer.Length > 4 * SmallBuffer))
        {
            var other = ArrayPool<byte>.Shared.Rent(size);
            _buffer.AsSpan(_start, held).CopyTo(other);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = other;
        }
        else if (_start > 0 && (held == 0 || _buffer.Length - _end < SmallBuffer / 4 || _buffer.Length - _start < needed))
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }
        else
        {
            return;
        }

        _start = 0;
        _end = held;
    }
}
