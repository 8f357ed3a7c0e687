using System.Collections;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Types of .NET that users meet and that are told by a few words: a pattern, a name, some text.</summary>
internal static class Wellknown
{
    private const int LongestName = 256;

    public static Codec? TryCreate(Type type)
    {
        if (!Framework.Contains(type.Assembly))
        {
            // Generated regular expressions are classes of the user's assembly; what they match is their pattern.
            return type.IsSubclassOf(typeof(Regex)) ? new RegexCodec(type) : null;
        }

        if (type.IsAssignableTo(typeof(StringComparer)))
        {
            return new StringComparerCodec(type);
        }

        for (var level = type; level is not null; level = level.BaseType)
        {
            if (level.IsConstructedGenericType && level.GetGenericTypeDefinition() is var definition)
            {
                if (definition == typeof(EqualityComparer<>))
                {
                    return (Codec)Activator.CreateInstance(typeof(DefaultEqualityCodec<>).MakeGenericType(level.GetGenericArguments()), type)!;
                }

                // Comparer.Create wraps a delegate, which travels like any other.
                if (definition == typeof(Comparer<>) && !type.Name.StartsWith("ComparisonComparer", StringComparison.Ordinal))
                {
                    return (Codec)Activator.CreateInstance(typeof(DefaultOrderCodec<>).MakeGenericType(level.GetGenericArguments()), type)!;
                }
            }
        }

        return type switch
        {
            _ when type.IsAssignableTo(typeof(Regex)) => new RegexCodec(type),
            _ when type.IsAssignableTo(typeof(CultureInfo)) => new CultureCodec(type),
            _ when type.IsAssignableTo(typeof(Encoding)) => new EncodingCodec(type),
            _ when type == typeof(TimeZoneInfo) => new TextCodec<TimeZoneInfo>(zone => zone.ToSerializedString(), TimeZoneInfo.FromSerializedString),
            _ when type == typeof(Uri) => new TextCodec<Uri>(uri => uri.OriginalString, text => new Uri(text, UriKind.RelativeOrAbsolute)),
            _ when type == typeof(Version) => new TextCodec<Version>(version => version.ToString(), Version.Parse),
            _ when type.IsAssignableTo(typeof(IPAddress)) => new TextCodec<IPAddress>(address => address.ToString(), IPAddress.Parse, type),
            _ when type == typeof(StringBuilder) => new TextCodec<StringBuilder>(builder => builder.ToString(), text => new StringBuilder(text)),
            _ when type == typeof(DBNull) => new SingletonCodec<DBNull>(DBNull.Value),
            _ when type == typeof(BitArray) => new BitArrayCodec(),
            _ when type == typeof(Rune) => new RuneCodec(),
            _ => null,
        };
    }

    public static CultureInfo ReadCulture(ref PayloadReader reader)
    {
        var name = reader.ReadString();
        if (name is null || name.Length > LongestName)
        {
            throw new PayloadException("found no name where a culture's is expected.");
        }

        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException error)
        {
            throw new PayloadException("found the name of a culture this process does not know.", error);
        }
    }

    private sealed class TextCodec<T>(Func<T, string> write, Func<string, T> read, Type? type = null) : BuiltCodec<T>(type)
        where T : class
    {
        public override Type WireType => typeof(T);

        public override void Write(PayloadWriter writer, T value) => writer.WriteString(write(value));

        public override T Read(ref PayloadReader reader)
        {
            var text = reader.ReadString() ?? throw new PayloadException($"found null where the text of a {typeof(T).Name} is expected.");
            try
            {
                return read(text);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or OverflowException or System.Runtime.Serialization.SerializationException)
            {
                throw new PayloadException($"found text that is no {typeof(T).Name}.", error);
            }
        }
    }

    private sealed class SingletonCodec<T>(T only) : BuiltCodec<T>
        where T : class
    {
        public override void Write(PayloadWriter writer, T value)
        {
        }

        public override T Read(ref PayloadReader reader) => only;
    }

    private sealed class RegexCodec(Type type) : BuiltCodec<Regex>(type)
    {
        public override Type WireType => typeof(Regex);

        public override void Write(PayloadWriter writer, Regex value)
        {
            writer.WriteString(value.ToString());
            writer.WriteInt32((int)value.Options);
            writer.WriteInt64(value.MatchTimeout.Ticks);
        }

        public override Regex Read(ref PayloadReader reader)
        {
            var pattern = reader.ReadString() ?? throw new PayloadException("found null where a regular expression is expected.");
            var (options, timeout) = (reader.ReadInt32(), reader.ReadInt64());
            try
            {
                return new Regex(pattern, (RegexOptions)options, TimeSpan.FromTicks(timeout));
            }
            catch (Exception error) when (error is ArgumentException or NotSupportedException)
            {
                throw new PayloadException("found text that is no regular expression.", error);
            }
        }
    }

    private sealed class CultureCodec(Type type) : BuiltCodec<CultureInfo>(type)
    {
        public override Type WireType => typeof(CultureInfo);

        public override void Write(PayloadWriter writer, CultureInfo value) => writer.WriteString(value.Name);

        public override CultureInfo Read(ref PayloadReader reader) => ReadCulture(ref reader);
    }

    private sealed class EncodingCodec(Type type) : BuiltCodec<Encoding>(type)
    {
        public override Type WireType => typeof(Encoding);

        public override void Write(PayloadWriter writer, Encoding value) => writer.WriteString(value.WebName);

        public override Encoding Read(ref PayloadReader reader)
        {
            try
            {
                return Encoding.GetEncoding(reader.ReadString() ?? "");
            }
            catch (Exception error) when (error is ArgumentException or NotSupportedException)
            {
                throw new PayloadException("found the name of a text encoding this process does not know.", error);
            }
        }
    }

    private sealed class BitArrayCodec : BuiltCodec<BitArray>
    {
        public override void Write(PayloadWriter writer, BitArray value)
        {
            var words = new int[(value.Length + 31) / 32];
            value.CopyTo(words, 0);
            writer.WriteVarUInt((uint)value.Length);
            writer.WriteBlock(words, 0, words.Length);
        }

        public override BitArray Read(ref PayloadReader reader)
        {
            var count = reader.ReadVarUInt();
            if (count > (ulong)reader.Remaining * 8)
            {
                PayloadReader.Fail($"{count:N0} bits are announced, but only {reader.Remaining:N0} bytes are left.");
            }

            return new BitArray(reader.ReadBlock<int>((int)((count + 31) / 32))) { Length = (int)count };
        }
    }

    private sealed class RuneCodec : ValueCodec<Rune>
    {
        public override void Write(PayloadWriter writer, Rune value) => writer.WriteInt32(value.Value);

        public override Rune Read(ref PayloadReader reader)
        {
            var value = reader.ReadInt32();
            return Rune.IsValid(value) ? new Rune(value) : throw new PayloadException($"found {value} where a Unicode scalar is expected.");
        }
    }
}
