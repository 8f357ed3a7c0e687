using System.Runtime.CompilerServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>A place of declared type <typeparamref name="T"/>: a field, an element, an argument. Compiled accessors call these two methods.</summary>
internal static class Slot<T>
{
    // Values and strings are written as they are; everything else as a reference that may be null, shared or of a derived type.
    private static readonly ValueCodec<T>? Value = Codecs.For(typeof(T)) as ValueCodec<T>;
    private static readonly Codec Exact = Codecs.For(typeof(T));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(PayloadWriter writer, T value)
    {
        if (Value is { } codec)
        {
            codec.Write(writer, value);
        }
        else
        {
            writer.WriteReference(value, Exact);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read(ref PayloadReader reader)
    {
        if (Value is { } codec)
        {
            return codec.Read(ref reader);
        }

        var value = reader.ReadReference(typeof(T), Exact);
        return value is T or null ? (T)value! : throw Unexpected(value);
    }

    private static PayloadException Unexpected(object value) =>
        new($"found a {TypeText.Full(value.GetType())} where a {TypeText.Full(typeof(T))} is expected: the bytes are damaged or forged.");
}
