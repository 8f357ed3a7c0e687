using System.Buffers;

namespace Orleans.Embedded.Serialization;

/// <summary>Values to bytes, bytes to values, and deep copies. Thread-safe; what it learns of a type it keeps for the process.</summary>
internal static class WireSerializer
{
    private const int WorthKeeping = 1 << 18;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    public static void Write<T>(ref WireWriter writer, T value) => WireCodec<T>.Instance.Write(ref writer, value);

    public static T Read<T>(ref WireReader reader) => WireCodec<T>.Instance.Read(ref reader);

    /// <summary>A copy that shares nothing that can change with <paramref name="value"/>.</summary>
    public static T Copy<T>(T value)
    {
        var codec = WireCodec<T>.Instance;
        if (codec.SharesCopies)
        {
            return value;
        }

        var context = CopyContext.Rent();
        var copy = codec.Copy(value, context);
        context.Return();
        return copy;
    }

    /// <summary><see cref="Copy"/> returns its argument, whatever it is.</summary>
    public static bool SharesCopies<T>() => WireCodec<T>.Instance.SharesCopies;

    public static byte[] ToBytes<T>(T value)
    {
        // Taken while in use: a converter may come here again.
        var output = _spare ?? new ArrayBufferWriter<byte>(1024);
        _spare = null;
        var writer = new WireWriter(output);
        Write(ref writer, value);
        writer.Complete();
        var bytes = output.WrittenSpan.ToArray();
        if (output.Capacity <= WorthKeeping)
        {
            output.ResetWrittenCount();
            _spare = output;
        }

        return bytes;
    }

    /// <summary>Reads a message that holds one value and nothing else.</summary>
    public static T FromBytes<T>(ReadOnlySpan<byte> bytes, IGrainRuntime? runtime = null, WireLimits? limits = null)
    {
        var reader = new WireReader(bytes, runtime, limits);
        try
        {
            var value = Read<T>(ref reader);
            if (reader.Remaining > 0)
            {
                throw new WireException($"{reader.Remaining} bytes follow the {typeof(T).DisplayName()} that the message should hold alone.");
            }

            return value;
        }
        finally
        {
            reader.Dispose();
        }
    }
}
