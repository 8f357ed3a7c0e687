using System.Buffers;
using System.Buffers.Binary;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>
/// Cuts a stream into messages. A short one is handed out where it was received; the pieces of a long one are received straight into
/// a buffer of its own, so that its bytes are copied once (which is why this is not a <c>PipeReader</c>).
/// </summary>
internal sealed class FrameReader(Stream stream, int maxMessage) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    // While a long message comes, the rest of a piece is read without a detour; here only what may stand between two pieces.
    private const int BetweenPieces = 4 * 1024;

    // A peer that claims a long message gets memory as its bytes arrive, not for its claim.
    private const int FirstLongBuffer = 8 * 1024 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;
    private byte[]? _long;
    private int _longLength;
    private int _longUsed;
    private int _pieceLeft;

    /// <summary>The stream ended, or stands, between two messages.</summary>
    public bool IsBetweenMessages => _start == _end && _long is null;

    public async ValueTask<bool> FillAsync()
    {
        if (_pieceLeft > 0 && _start == _end)
        {
            var direct = await stream.ReadAsync(RoomInLong());
            Took(direct);
            return direct > 0;
        }

        var held = _end - _start;
        if (held == 0 || BufferBytes - _end < BufferBytes / 4)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
            (_start, _end) = (0, held);
        }

        var room = _long is null ? BufferBytes - _end : Math.Min(BetweenPieces, BufferBytes - _end);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end, room));
        _end += read;
        return read > 0;
    }

    /// <summary>The next complete message.</summary>
    /// <param name="message">A short one, valid until the next <see cref="FillAsync"/>; empty if it is a long one.</param>
    /// <param name="longMessage">A long one, the caller's to release.</param>
    public bool TryRead(out ReadOnlySpan<byte> message, out LongMessage? longMessage)
    {
        message = default;
        longMessage = null;
        while (true)
        {
            if (_pieceLeft > 0)
            {
                CopyIntoLong();
            }

            if (_long is not null && _longUsed == _longLength)
            {
                longMessage = new LongMessage(_long, _longLength);
                _long = null;
                return true;
            }

            if (_pieceLeft > 0 || _end - _start < FrameBuffer.LengthBytes)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
            if ((length & FrameBuffer.PieceMark) == 0)
            {
                if (length > FrameBuffer.LongestWhole)
                {
                    throw new WireException($"A frame claims {length} bytes, at most {FrameBuffer.LongestWhole} are allowed in one.");
                }

                if (_end - _start - FrameBuffer.LengthBytes < length)
                {
                    return false;
                }

                message = _buffer.AsSpan(_start + FrameBuffer.LengthBytes, (int)length);
                _start += FrameBuffer.LengthBytes + (int)length;
                return true;
            }

            if (!TryBeginPiece(length & ~FrameBuffer.PieceMark))
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        if (_long is not null)
        {
            ArrayPool<byte>.Shared.Return(_long);
            _long = null;
        }
    }

    private bool TryBeginPiece(uint length)
    {
        var isFirst = _long is null;
        if (length > FrameBuffer.PieceBytes || length <= (isFirst ? FrameBuffer.LengthBytes : 0))
        {
            throw new WireException($"A piece of a message claims {length} bytes, at most {FrameBuffer.PieceBytes} are allowed, and none without content.");
        }

        if (!isFirst)
        {
            _start += FrameBuffer.LengthBytes;
            _pieceLeft = (int)length;
        }
        else
        {
            if (_end - _start < 2 * FrameBuffer.LengthBytes)
            {
                return false;
            }

            _longLength = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start + FrameBuffer.LengthBytes));
            if (_longLength <= 0 || _longLength > maxMessage)
            {
                throw new WireException($"A message claims {_longLength} bytes, at most {maxMessage} are allowed.");
            }

            _start += 2 * FrameBuffer.LengthBytes;
            _pieceLeft = (int)length - FrameBuffer.LengthBytes;
            _long = ArrayPool<byte>.Shared.Rent(Math.Min(_longLength, FirstLongBuffer));
            _longUsed = 0;
        }

        return _pieceLeft <= _longLength - _longUsed
            ? true
            : throw new WireException($"A message of {_longLength} bytes goes on for {_longUsed + (long)_pieceLeft}.");
    }

    private void CopyIntoLong()
    {
        while (_pieceLeft > 0 && _start < _end)
        {
            var room = RoomInLong();
            var count = Math.Min(room.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(room.Span);
            _start += count;
            Took(count);
        }
    }

    private Memory<byte> RoomInLong()
    {
        if (_longUsed == _long!.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_longLength, 2L * _long.Length));
            _long.AsSpan(0, _longUsed).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_long);
            _long = larger;
        }

        return _long.AsMemory(_longUsed, Math.Min(_pieceLeft, _long.Length - _longUsed));
    }

    private void Took(int count)
    {
        _longUsed += count;
        _pieceLeft -= count;
    }

    /// <summary>A message that came in pieces.</summary>
    internal sealed class LongMessage(byte[] data, int length)
    {
        public ReadOnlySpan<byte> Bytes => data.AsSpan(0, length);

        public void Release() => ArrayPool<byte>.Shared.Return(data);
    }
}
