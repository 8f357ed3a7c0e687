namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Bytes that come in order. It takes room for some times of what has come, never for what a peer says will.</summary>
internal sealed class GrowingBytes
{
    private const long AtOnce = 16 << 20;
    private const int Ahead = 4;

    private byte[] _bytes;

    /// <exception cref="ArgumentException">More than one value may have.</exception>
    public GrowingBytes(long total, byte[] first)
    {
        if (total < first.Length || total > Array.MaxLength)
        {
            throw new ArgumentException($"A value of {total} bytes cannot be taken, with a first piece of {first.Length}. A value may have 2 GB.");
        }

        Total = total;
        _bytes = new byte[Math.Min(total, Math.Max(AtOnce, first.Length))];
        Add(first);
    }

    public long Total { get; }

    public int Count { get; private set; }

    public bool IsWhole => Count == Total;

    /// <summary>The next piece.</summary>
    /// <exception cref="ArgumentException">It goes beyond the end.</exception>
    public void Add(byte[] piece)
    {
        var end = (long)Count + piece.Length;
        if (end > Total)
        {
            throw new ArgumentException($"A piece of {piece.Length} bytes at {Count} goes beyond the value's end at {Total}.");
        }

        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Total, end * Ahead));
        }

        piece.CopyTo(_bytes, Count);
        Count = (int)end;
    }

    /// <summary>All of them, once they are all there.</summary>
    public byte[] Take() => IsWhole ? _bytes : throw new InvalidOperationException($"Only {Count} of {Total} bytes have come.");
}
