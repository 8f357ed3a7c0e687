using System.Buffers;

namespace Orleans.Embedded.Serialization;

// A dictionary hashes its keys, and a record's hash is made of its members' hashes. A record that holds itself would be hashed until
// the stack ends, and that ends the process: no honest peer can have had it as a key, so a message with one is refused. A key
// without references is a tree and needs no proof. Any other is written once more, to nowhere and without references: what cannot be
// written within small bounds is never hashed. Objects that are hashed by identity are not entered, and may hold what they like.

/// <summary>Proves that keys can be hashed and compared, before they are.</summary>
internal sealed class KeyProof : IBufferWriter<byte>
{
    // More than any key; a few nested objects, each referred to twice, unfold without end.
    private const int MaxBytes = 1 << 20;

    private readonly HashSet<object> _open;
    private byte[] _block = new byte[1024];
    private int _written;

    private KeyProof(HashSet<object> open) => _open = open;

    /// <param name="open">Objects whose reading has not ended: what they will hold is not known yet.</param>
    public static void Check<T>(WireCodec<T> codec, T key, HashSet<object> open)
    {
        var proof = new KeyProof(open);
        var writer = new WireWriter(proof, proof);
        codec.Write(ref writer, key);
        writer.Complete();
    }

    /// <summary>Whether the proof may stop at this object.</summary>
    public bool Stops(object value, WireBody body)
    {
        if (body.IsHashedByIdentity)
        {
            return true;
        }

        return _open.Contains(value)
            ? throw new WireException($"A key holds the {value.GetType().DisplayName()} that the key is part of.")
            : false;
    }

    public void Advance(int count)
    {
        _written += count;
        if (_written > MaxBytes)
        {
            throw TooLarge();
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > MaxBytes)
        {
            throw TooLarge();
        }

        if (sizeHint > _block.Length)
        {
            _block = new byte[sizeHint];
        }

        return _block;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private static WireException TooLarge() => new($"A key unfolds to more than {MaxBytes} bytes. Use a smaller key.");
}
