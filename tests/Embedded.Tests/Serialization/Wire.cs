using System.Buffers;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

internal static class Wire
{
    /// <summary>There and back, also through a buffer that hands out the smallest spans allowed.</summary>
    public static T Trip<T>(T value)
    {
        var bytes = WireSerializer.ToBytes(value);
        var narrow = new NarrowBuffer();
        var writer = new WireWriter(narrow, blockSize: 1);
        WireSerializer.Write(ref writer, value);
        writer.Complete();
        Assert.Equal(bytes, narrow.Written);
        return WireSerializer.FromBytes<T>(bytes);
    }

    /// <summary>Written as one type, read as another: a newer or older version of it.</summary>
    public static TRead As<TWritten, TRead>(TWritten value) => WireSerializer.FromBytes<TRead>(WireSerializer.ToBytes(value));

    /// <summary>Gives exactly what is asked for, so that every boundary between blocks is met.</summary>
    private sealed class NarrowBuffer : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _block = [];

        public byte[] Written => [.. _written];

        public void Advance(int count)
        {
            _written.AddRange(_block.AsSpan(0, count));
            _block = [];
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _block = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
