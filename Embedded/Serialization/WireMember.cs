namespace Orleans.Embedded.Serialization;

/// <summary>What emitted code calls for each member.</summary>
internal static class WireMember
{
    public static void Write<T>(ref WireWriter writer, uint id, T value)
    {
        var codec = WireCodec<T>.Instance;
        writer.WriteMemberHeader(id, codec.Kind);
        codec.Write(ref writer, value);
    }

    /// <summary>For objects that are created blank: what is blank needs no bytes.</summary>
    public static void WriteUnlessDefault<T>(ref WireWriter writer, uint id, T value)
    {
        var codec = WireCodec<T>.Instance;
        if (!codec.IsDefault(value))
        {
            writer.WriteMemberHeader(id, codec.Kind);
            codec.Write(ref writer, value);
        }
    }

    public static T Read<T>(ref WireReader reader, WireKind kind)
    {
        var codec = WireCodec<T>.Instance;
        if (kind != codec.Kind)
        {
            throw new WireException($"A {typeof(T).DisplayName()} stands as {kind}, expected {codec.Kind}. A member that changes its type needs a new [Id].");
        }

        return codec.Read(ref reader);
    }

    public static T Copy<T>(T value, CopyContext context) => WireCodec<T>.Instance.Copy(value, context);
}
