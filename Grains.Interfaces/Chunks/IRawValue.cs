namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// A value whose bulk is bare bytes. Who spills it writes them from where they lie and later reads all of them, or the part
/// that a task takes, into memory made for that; no codec stands between. Other values are spilled as payloads.
/// </summary>
public interface IRawValue : ISizedValue
{
    /// <summary>How many bytes <see cref="WriteRaw"/> gives: 0 or more, the same with every call, for a value is not changed once it is shared. May be more than 2 GB.</summary>
    long RawLength { get; }

    /// <summary>Hands the bytes out from the first to the last, in as few pieces as they lie in; each is valid during its call only.</summary>
    /// <param name="write">What it throws ends the writing, and goes on to the caller.</param>
    void WriteRaw(Action<ReadOnlySpan<byte>> write);

    /// <summary>What stays in memory while the bytes are elsewhere.</summary>
    /// <param name="bytes">Where <see cref="WriteRaw"/>'s bytes are, for as long as the form is used; <see cref="RawLength"/> of them.</param>
    IRawForm FormOf(IRawBytes bytes);
}

/// <summary>Bytes that lie somewhere else.</summary>
public interface IRawBytes
{
    /// <summary>How many there are.</summary>
    long Length { get; }

    /// <summary>Fills all of <paramref name="target"/> with the bytes from <paramref name="offset"/> on. By any thread, several at once.</summary>
    /// <param name="target">At most as long as there are bytes from <paramref name="offset"/> on.</param>
    /// <param name="offset">From 0 to <see cref="Length"/>.</param>
    /// <exception cref="IOException">They can't be read.</exception>
    void Read(Span<byte> target, long offset);
}

/// <summary>A value without its bytes.</summary>
public interface IRawForm
{
    /// <summary>The value, in memory of its own.</summary>
    object Read();
}
