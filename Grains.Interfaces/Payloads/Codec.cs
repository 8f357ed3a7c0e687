using System.Runtime.CompilerServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>How objects of exactly one type are written and read.</summary>
internal abstract class Codec(Type type)
{
    public Type Type { get; } = type;

    /// <summary>The type on the wire: the public one where the runtime's own subclass is nobody's business.</summary>
    public virtual Type WireType => Type;

    /// <summary>Objects are numbered, so that a second reference is a reference. Values and strings are not.</summary>
    public virtual bool IsTracked => true;

    /// <summary>The object exists before its content is read: circles may go through it, and its body may be put off.</summary>
    public virtual bool AllocatesFirst => false;

    /// <summary>Refuses a value before anything of it is written.</summary>
    public virtual void Check(object value)
    {
    }

    /// <summary>Whole object, after its tag and type; numbers it.</summary>
    public abstract void WriteNew(PayloadWriter writer, object value);

    public abstract object ReadNew(ref PayloadReader reader);

    /// <summary>What is needed to allocate it (a length).</summary>
    public virtual void WriteBegin(PayloadWriter writer, object value)
    {
    }

    public virtual object ReadBegin(ref PayloadReader reader) => throw new PayloadException($"a {TypeText.Of(Type)} can't be allocated before its content is known.");

    public virtual void WriteRest(PayloadWriter writer, object value)
    {
    }

    public virtual void ReadRest(ref PayloadReader reader, object value)
    {
    }
}

/// <summary>Value types and strings: they have no identity.</summary>
internal abstract class ValueCodec<T>() : Codec(typeof(T))
{
    public override bool IsTracked => false;

    public abstract void Write(PayloadWriter writer, T value);

    public abstract T Read(ref PayloadReader reader);

    public override void WriteNew(PayloadWriter writer, object value) => Write(writer, (T)value);

    public override object ReadNew(ref PayloadReader reader)
    {
        reader.CountObject(Unsafe.SizeOf<T>() + 16);
        return Read(ref reader)!;
    }
}

/// <summary>Objects that are made empty and then filled.</summary>
internal abstract class FilledCodec<T>(Type? type = null) : Codec(type ?? typeof(T))
    where T : class
{
    public sealed override bool AllocatesFirst => true;

    public abstract T Allocate(ref PayloadReader reader);

    public abstract void Write(PayloadWriter writer, T value);

    public abstract void Fill(ref PayloadReader reader, T value);

    public override void WriteNew(PayloadWriter writer, object value)
    {
        WriteBegin(writer, value);
        writer.Assign(value);
        Write(writer, Unsafe.As<T>(value));
    }

    public override object ReadNew(ref PayloadReader reader)
    {
        var value = ReadBegin(ref reader);
        reader.Register(value);
        Fill(ref reader, Unsafe.As<T>(value));
        return value;
    }

    public sealed override object ReadBegin(ref PayloadReader reader) => Allocate(ref reader);

    public sealed override void WriteRest(PayloadWriter writer, object value) => Write(writer, Unsafe.As<T>(value));

    public sealed override void ReadRest(ref PayloadReader reader, object value) => Fill(ref reader, Unsafe.As<T>(value));
}

/// <summary>Objects that are made of their finished parts, such as immutable collections: no circle goes through them.</summary>
internal abstract class BuiltCodec<T>(Type? type = null) : Codec(type ?? typeof(T))
    where T : class
{
    public abstract void Write(PayloadWriter writer, T value);

    public abstract T Read(ref PayloadReader reader);

    public override void WriteNew(PayloadWriter writer, object value)
    {
        writer.Assign(value);
        writer.BeginUndeferrable();
        Write(writer, (T)value);
        writer.EndUndeferrable();
    }

    public override object ReadNew(ref PayloadReader reader)
    {
        reader.CountObject(32);
        var place = reader.Reserve();
        reader.BeginUndeferrable();
        var value = Read(ref reader);
        reader.EndUndeferrable();
        reader.Fulfil(place, value);
        return value;
    }
}
