namespace Orleans.Embedded.Serialization;

/// <summary>Writes, reads and copies objects of one runtime type, after the tag and name that lead to it.</summary>
internal abstract class WireBody
{
    private byte[]? _name;

    public abstract Type Type { get; }

    public abstract WireKind Kind { get; }

    public abstract bool SharesCopies { get; }

    /// <summary>Objects that appear twice are one object again; otherwise each appearance is a value.</summary>
    public abstract bool IsTracked { get; }

    /// <summary>The body says itself which derived type it holds, so no name is written before it.</summary>
    public virtual bool HoldsDerivedTypes => false;

    /// <summary>An object's hash and equality do not look at what it holds.</summary>
    public virtual bool IsHashedByIdentity => false;

    /// <summary>The type's name on the wire, in UTF-8.</summary>
    public byte[] Name => _name ??= WireTypes.NameOf(Type);

    public abstract void WriteObject(ref WireWriter writer, object value);

    public abstract object ReadObject(ref WireReader reader, int start);

    public abstract object CopyObject(object value, CopyContext context);

    /// <summary>Finds the object of this type to which the reader is referred.</summary>
    public abstract object ResolveReference(ref WireReader reader, int before);
}

/// <summary>As <see cref="WireBody"/>, typed.</summary>
internal abstract class WireBody<T> : WireBody
    where T : class
{
    public sealed override Type Type => typeof(T);

    public override bool SharesCopies => false;

    public override bool IsTracked => true;

    public abstract void Write(ref WireWriter writer, T value);

    /// <param name="reader">Behind the tag.</param>
    /// <param name="start">Where the object's tag stands: the position to register it under, before its members if possible.</param>
    public abstract T Read(ref WireReader reader, int start);

    /// <summary>Registers the copy with <paramref name="context"/> before it copies members.</summary>
    public abstract T Copy(T value, CopyContext context);

    public sealed override void WriteObject(ref WireWriter writer, object value) => Write(ref writer, (T)value);

    public sealed override object ReadObject(ref WireReader reader, int start) => Read(ref reader, start);

    public sealed override object CopyObject(object value, CopyContext context) => Copy((T)value, context);

    public sealed override object ResolveReference(ref WireReader reader, int before) =>
        reader.ResolveReference((ReferenceCodec<T>)WireCodec<T>.Instance, before);
}

/// <summary>A value, or an object that is treated like one, in the place of an object.</summary>
internal sealed class ValueBody<T>(WireCodec<T> codec) : WireBody
{
    public override Type Type => typeof(T);

    public override WireKind Kind => codec.Kind;

    public override bool SharesCopies => codec.SharesCopies;

    public override bool IsTracked => false;

    public override void WriteObject(ref WireWriter writer, object value) => codec.Write(ref writer, (T)value);

    public override object ReadObject(ref WireReader reader, int start)
    {
        reader.Charge(1, 32);
        return (object?)codec.Read(ref reader) ?? throw new WireException($"A {typeof(T).DisplayName()} in the place of an object is null; null objects have a tag of their own.");
    }

    public override object CopyObject(object value, CopyContext context) => codec.Copy((T)value, context)!;

    public override object ResolveReference(ref WireReader reader, int before) =>
        throw new WireException($"Byte {before} refers to a {typeof(T).DisplayName()}, which is a value and never referred to.");
}
