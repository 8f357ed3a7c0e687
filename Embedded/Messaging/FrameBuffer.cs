using System.Buffers;
using System.Buffers.Binary;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>
/// A message being written, with room ahead of it for what a <see cref="FrameReader"/> wants to know first. Its memory comes from a
/// pool.
/// </summary>
/// <remarks>
/// A short message is one frame: four bytes of length, then the message. A long one travels in pieces, so that short ones can go
/// between them: each piece has its length, with the highest bit set, and the first one begins with the length of all.
/// </remarks>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    public const int LengthBytes = sizeof(int);

    /// <summary>Longer messages travel in pieces.</summary>
    public const int LongestWhole = 16 * 1024;

    /// <summary>Bytes of a piece: short enough that what waits behind one notices nothing, long enough that its system calls do not count.</summary>
    public const int PieceBytes = 128 * 1024;

    /// <summary>Marks the length of a piece.</summary>
    public const uint PieceMark = 0x8000_0000;

    private const int Ahead = 2 * LengthBytes;
    private const int Start = 1024;

    [ThreadStatic]
    private static FrameBuffer? s_spare;

    private byte[] _data = ArrayPool<byte>.Shared.Rent(Start);
    private int _used = Ahead;
    private int _limit;

    /// <summary>Bytes of the message.</summary>
    public int Length => _used - Ahead;

    /// <summary>The writer ended with an exception because the message is longer than was allowed.</summary>
    public bool IsOverLimit { get; private set; }

    public ReadOnlySpan<byte> Message => _data.AsSpan(Ahead, Length);

    /// <summary>A whole frame.</summary>
    public ReadOnlySpan<byte> Frame
    {
        get
        {
            BinaryPrimitives.WriteInt32LittleEndian(_data.AsSpan(LengthBytes), Length);
            return _data.AsSpan(LengthBytes, _used - LengthBytes);
        }
    }

    /// <param name="limit">A longer message is refused as soon as that is known.</param>
    public static FrameBuffer Rent(int limit)
    {
        var buffer = s_spare ?? new FrameBuffer();
        s_spare = null;
        buffer._used = Ahead;
        buffer._limit = limit;
        buffer.IsOverLimit = false;
        return buffer;
    }

    /// <summary>Keeps small ones for the thread's next frame.</summary>
    public void Return()
    {
        if (_data.Length <= 64 * 1024)
        {
            s_spare = this;
        }
        else
        {
            ArrayPool<byte>.Shared.Return(_data);
            _data = [];
        }
    }

    /// <summary>Gives the memory away, to be sent in pieces; the buffer is of no use afterwards.</summary>
    public Pieces Detach()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_data.AsSpan(LengthBytes), Length);
        var pieces = new Pieces(_data, LengthBytes, _used);
        _data = [];
        return pieces;
    }

    public void Advance(int count)
    {
        _used += count;
        if (Length > _limit)
        {
            Refuse(Length);
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _data.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _data.AsSpan(_used);
    }

    private void Ensure(int size)
    {
        size = Math.Max(size, 1);
        if (_data.Length - _used < size)
        {
            // Writers ask for little more than they will write: what is asked for beyond a kilobyte will be written.
            var coming = (long)Length + size - Start;
            if (coming > _limit)
            {
                Refuse(coming);
            }

            var larger = ArrayPool<byte>.Shared.Rent(Math.Max((int)Math.Min(_data.Length * 2L, Array.MaxLength), checked(_used + size)));
            _data.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_data);
            _data = larger;
        }
    }

    private void Refuse(long length)
    {
        IsOverLimit = true;
        throw new WireException($"The message has {length} bytes or more, {_limit} are allowed. Send large values in pieces.");
    }

    /// <summary>A long message on its way out.</summary>
    internal sealed class Pieces(byte[] data, int next, int end)
    {
        private int _next = next;

        /// <summary>The next piece, its length ahead of it: that goes where the end of the piece before it was, which has been written.</summary>
        public ReadOnlyMemory<byte> Take()
        {
            var count = Math.Min(PieceBytes, end - _next);
            var piece = data.AsMemory(_next - LengthBytes, LengthBytes + count);
            BinaryPrimitives.WriteUInt32LittleEndian(piece.Span, PieceMark | (uint)count);
            _next += count;
            return piece;
        }

        /// <summary>Bytes not yet taken.</summary>
        public int Left => end - _next;

        public void Release() => ArrayPool<byte>.Shared.Return(data);
    }
}
