using System.Buffers;

namespace Orleans.Embedded.Serialization;

/// <summary>Writes wire values into a buffer. A stack-only view.</summary>
internal ref struct WireWriter(IBufferWriter<byte> output)
{
    public IBufferWriter<byte> Output { get; } = output;
}

/// <summary>Reads wire values from bytes of a peer, within limits: whatever stands there, it throws or returns, never crashes.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> input)
{
    public ReadOnlySpan<byte> Input { get; } = input;
}
