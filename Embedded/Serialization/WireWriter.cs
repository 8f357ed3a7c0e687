using System.Buffers;

namespace Orleans.Embedded.Serialization;

/// <summary>Writes wire values into a buffer. A stack-only view; <see cref="Flush"/> hands what was written to the buffer.</summary>
internal ref struct WireWriter(IBufferWriter<byte> output)
{
    public IBufferWriter<byte> Output { get; } = output;

    public readonly void Flush()
    {
    }
}

/// <summary>Reads wire values from bytes of a peer, within limits: whatever stands there, it throws or returns, never crashes.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> input)
{
    public ReadOnlySpan<byte> Input { get; } = input;
}
