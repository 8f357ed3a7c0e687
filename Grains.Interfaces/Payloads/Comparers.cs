using System.Globalization;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Comparers of collections: nothing for the default, the runtime's own by name, a user's as an object.</summary>
internal static class Comparers
{
    public static void Write<T>(PayloadWriter writer, IEqualityComparer<T>? comparer) =>
        WriteUnlessDefault(writer, comparer is null || ReferenceEquals(comparer, EqualityComparer<T>.Default) ? null : comparer);

    public static void Write<T>(PayloadWriter writer, IComparer<T>? comparer) =>
        WriteUnlessDefault(writer, comparer is null || ReferenceEquals(comparer, Comparer<T>.Default) ? null : comparer);

    public static IEqualityComparer<T>? ReadEquality<T>(ref PayloadReader reader) => (IEqualityComparer<T>?)Read(ref reader, typeof(IEqualityComparer<T>));

    public static IComparer<T>? ReadOrder<T>(ref PayloadReader reader) => (IComparer<T>?)Read(ref reader, typeof(IComparer<T>));

    // Used as soon as it is read, so all of it must be there.
    private static void WriteUnlessDefault(PayloadWriter writer, object? comparer)
    {
        writer.BeginUndeferrable();
        try
        {
            writer.WriteReference(comparer, null);
        }
        catch (PayloadException error) when (error.Under(".Comparer"))
        {
            throw;
        }

        writer.EndUndeferrable();
    }

    private static object? Read(ref PayloadReader reader, Type expected)
    {
        reader.BeginUndeferrable();
        try
        {
            return reader.ReadReference(expected, null);
        }
        catch (PayloadException error) when (error.Under(".Comparer"))
        {
            throw;
        }
        finally
        {
            reader.EndUndeferrable();
        }
    }
}

/// <summary><c>EqualityComparer&lt;T&gt;.Default</c>, whatever class the runtime chose for it.</summary>
internal sealed class DefaultEqualityCodec<T>(Type type) : BuiltCodec<EqualityComparer<T>>(type)
{
    public override Type WireType => typeof(EqualityComparer<T>);

    public override void Check(object value)
    {
        if (!ReferenceEquals(value, EqualityComparer<T>.Default))
        {
            throw Refusals.Error(Type, "of .NET's own equality comparers only the default and the StringComparers travel. Write a class that implements IEqualityComparer.");
        }
    }

    public override void Write(PayloadWriter writer, EqualityComparer<T> value)
    {
    }

    public override EqualityComparer<T> Read(ref PayloadReader reader) => EqualityComparer<T>.Default;
}

/// <summary><c>Comparer&lt;T&gt;.Default</c>.</summary>
internal sealed class DefaultOrderCodec<T>(Type type) : BuiltCodec<Comparer<T>>(type)
{
    public override Type WireType => typeof(Comparer<T>);

    public override void Check(object value)
    {
        if (!ReferenceEquals(value, Comparer<T>.Default))
        {
            throw Refusals.Error(Type, "of .NET's own comparers only the default, Comparer.Create and the StringComparers travel. Write a class that implements IComparer.");
        }
    }

    public override void Write(PayloadWriter writer, Comparer<T> value)
    {
    }

    public override Comparer<T> Read(ref PayloadReader reader) => Comparer<T>.Default;
}

/// <summary>Ordinal comparers, and those of a culture by its name.</summary>
internal sealed class StringComparerCodec(Type type) : BuiltCodec<StringComparer>(type)
{
    public override Type WireType => typeof(StringComparer);

    public override void Write(PayloadWriter writer, StringComparer value)
    {
        if (StringComparer.IsWellKnownOrdinalComparer(value, out var ignoresCase))
        {
            writer.WriteByte(ignoresCase ? (byte)1 : (byte)0);
        }
        else if (StringComparer.IsWellKnownCultureAwareComparer(value, out var culture, out var options))
        {
            writer.WriteByte(2);
            writer.WriteString(culture.Name);
            writer.WriteInt32((int)options);
        }
        else
        {
            throw Refusals.Error(Type, "of .NET's own string comparers only the ordinal and the culture-aware ones travel.");
        }
    }

    public override StringComparer Read(ref PayloadReader reader)
    {
        var kind = reader.ReadByte();
        switch (kind)
        {
            case 0:
                return StringComparer.Ordinal;
            case 1:
                return StringComparer.OrdinalIgnoreCase;
            case 2:
                var culture = Wellknown.ReadCulture(ref reader);
                var options = reader.ReadInt32();
                try
                {
                    return StringComparer.Create(culture, (CompareOptions)options);
                }
                catch (ArgumentException error)
                {
                    throw new PayloadException($"found {options} where options for comparing strings are expected.", error);
                }

            default:
                throw new PayloadException($"found {kind} where a kind of string comparer (0 to 2) is expected.");
        }
    }
}
