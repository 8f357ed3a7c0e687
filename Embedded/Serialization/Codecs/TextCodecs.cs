using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.Embedded.Serialization;

internal sealed class StringCodec : SharedCodec<string>
{
    public override WireKind Kind => WireKind.Bytes;

    public override bool IsDefault(string value) => value is null;

    public override void Write(ref WireWriter writer, string value) => writer.WriteString(value);

    public override string Read(ref WireReader reader) => reader.ReadString()!;
}

internal sealed class RuneCodec : SharedCodec<Rune>
{
    public override WireKind Kind => WireKind.Varint;

    public override bool IsDefault(Rune value) => value.Value == 0;

    public override void Write(ref WireWriter writer, Rune value) => writer.WriteVarint((ulong)value.Value);

    public override Rune Read(ref WireReader reader)
    {
        var value = reader.ReadVarint();
        return value <= int.MaxValue && Rune.TryCreate((int)value, out var rune)
            ? rune
            : throw new WireException($"{value} is no Unicode scalar value.");
    }
}

/// <summary>Immutable objects that have a text which makes them again.</summary>
internal abstract class TextCodec<T> : SharedCodec<T>
    where T : class
{
    public sealed override WireKind Kind => WireKind.Bytes;

    public sealed override bool IsDefault(T value) => value is null;

    public sealed override void Write(ref WireWriter writer, T value) => writer.WriteString(value is null ? null : Format(value));

    public sealed override T Read(ref WireReader reader) => reader.ReadString() is not { } text
        ? null!
        : Parse(text) ?? throw new WireException($"'{(text.Length <= 100 ? text : text[..100] + "…")}' is no {typeof(T).Name}.");

    protected abstract string Format(T value);

    /// <summary>Null when the text is not of a <typeparamref name="T"/>.</summary>
    protected abstract T? Parse(string text);
}

internal sealed class UriCodec : TextCodec<Uri>
{
    protected override string Format(Uri value) => value.OriginalString;

    protected override Uri? Parse(string text) => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri) ? uri : null;
}

internal sealed class VersionCodec : TextCodec<Version>
{
    protected override string Format(Version value) => value.ToString();

    protected override Version? Parse(string text) => Version.TryParse(text, out var version) ? version : null;
}

/// <summary>4 or 16 bytes of address, and the scope of an IPv6 address where it has one.</summary>
internal sealed class IPAddressCodec : SharedCodec<IPAddress>
{
    public override WireKind Kind => WireKind.Bytes;

    public override bool IsDefault(IPAddress value) => value is null;

    public override void Write(ref WireWriter writer, IPAddress value)
    {
        if (value is null)
        {
            writer.WriteNullBytes();
            return;
        }

        Span<byte> bytes = stackalloc byte[MaxLength];
        writer.WriteBytes(bytes[..Format(value, bytes)]);
    }

    public override IPAddress Read(ref WireReader reader)
    {
        var bytes = reader.ReadBytes(out var isNull);
        return isNull ? null! : Parse(bytes);
    }

    internal const int MaxLength = 24;

    internal static int Format(IPAddress value, Span<byte> bytes)
    {
        value.TryWriteBytes(bytes, out var length);
        if (value.AddressFamily == AddressFamily.InterNetworkV6 && value.ScopeId != 0)
        {
            BitConverter.TryWriteBytes(bytes[length..], value.ScopeId);
            length += sizeof(long);
        }

        return length;
    }

    internal static IPAddress Parse(ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case 4 or 16:
                return new IPAddress(bytes);
            case MaxLength when BitConverter.ToInt64(bytes[16..]) is >= 0 and <= uint.MaxValue and var scope:
                return new IPAddress(bytes[..16], scope);
            default:
                throw new WireException($"{bytes.Length} bytes are no IP address: 4 or 16 are, or 24 with a scope.");
        }
    }
}

/// <summary>Port as two bytes, then the address.</summary>
internal sealed class IPEndPointCodec : SharedCodec<IPEndPoint>
{
    public override WireKind Kind => WireKind.Bytes;

    public override bool IsDefault(IPEndPoint value) => value is null;

    public override void Write(ref WireWriter writer, IPEndPoint value)
    {
        if (value is null)
        {
            writer.WriteNullBytes();
            return;
        }

        Span<byte> bytes = stackalloc byte[2 + IPAddressCodec.MaxLength];
        BitConverter.TryWriteBytes(bytes, (ushort)value.Port);
        writer.WriteBytes(bytes[..(2 + IPAddressCodec.Format(value.Address, bytes[2..]))]);
    }

    public override IPEndPoint Read(ref WireReader reader)
    {
        var bytes = reader.ReadBytes(out var isNull);
        if (isNull)
        {
            return null!;
        }

        return bytes.Length > 2
            ? new IPEndPoint(IPAddressCodec.Parse(bytes[2..]), BitConverter.ToUInt16(bytes))
            : throw new WireException($"{bytes.Length} bytes are too few for an endpoint.");
    }
}
