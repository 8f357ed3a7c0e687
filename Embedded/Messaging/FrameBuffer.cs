using System.Buffers;
using System.Buffers.Binary;

namespace Orleans.Embedded;

/// <summary>A frame being written: four bytes of length, then what a writer puts in. Its memory comes from a pool.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    public const int LengthBytes = 4;
    private const int Start = 1024;

    [ThreadStatic]
    private static FrameBuffer? s_spare;

    private byte[] _data = ArrayPool<byte>.Shared.Rent(Start);
    private int _used = LengthBytes;

    /// <summary>The whole frame; its length is set by <see cref="Finish"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _data.AsSpan(0, _used);

    public static FrameBuffer Rent()
    {
        var buffer = s_spare ?? new FrameBuffer();
        s_spare = null;
        buffer._used = LengthBytes;
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

    public void Finish() => BinaryPrimitives.WriteInt32LittleEndian(_data, _used - LengthBytes);

    /// <summary>Gives the memory away; the buffer is of no use afterwards.</summary>
    public byte[] Detach(out int length)
    {
        length = _used;
        var data = _data;
        _data = [];
        return data;
    }

    public void Advance(int count) => _used += count;

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
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_data.Length * 2, checked(_used + size)));
            _data.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_data);
            _data = larger;
        }
    }
}
