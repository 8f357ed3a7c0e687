using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>Structs that travel as their surrogate.</summary>
internal sealed class ConverterCodec<TValue, TSurrogate>(IConverter<TValue, TSurrogate> converter) : WireCodec<TValue>
    where TValue : struct
    where TSurrogate : struct
{
    private readonly bool _sharesCopies = typeof(TValue).IsDefined(typeof(ImmutableAttribute), inherit: true);

    public override WireKind Kind => WireCodec<TSurrogate>.Instance.Kind;

    public override bool SharesCopies => _sharesCopies;

    public override void Write(ref WireWriter writer, TValue value) =>
        WireCodec<TSurrogate>.Instance.Write(ref writer, converter.ConvertToSurrogate(in value));

    public override TValue Read(ref WireReader reader)
    {
        var surrogate = WireCodec<TSurrogate>.Instance.Read(ref reader);
        try
        {
            return converter.ConvertFromSurrogate(in surrogate);
        }
        catch (Exception cause) when (WireException.IsForeign(cause, typeof(TValue).ShortName()))
        {
            throw WireException.Wrap(cause, typeof(TValue).ShortName());
        }
    }

    public override TValue Copy(TValue value, CopyContext context)
    {
        var surrogate = WireCodec<TSurrogate>.Instance.Copy(converter.ConvertToSurrogate(in value), context);
        return converter.ConvertFromSurrogate(in surrogate);
    }
}

/// <summary>Objects that travel as their surrogate.</summary>
internal sealed class ConverterBody<TValue, TSurrogate>(IConverter<TValue, TSurrogate> converter) : WireBody<TValue>
    where TValue : class
    where TSurrogate : struct
{
    private readonly bool _sharesCopies = typeof(TValue).IsDefined(typeof(ImmutableAttribute), inherit: true);

    public override WireKind Kind => WireCodec<TSurrogate>.Instance.Kind;

    public override bool SharesCopies => _sharesCopies;

    public override void Write(ref WireWriter writer, TValue value) =>
        WireCodec<TSurrogate>.Instance.Write(ref writer, converter.ConvertToSurrogate(in value));

    public override TValue Read(ref WireReader reader, int start)
    {
        // The object exists only once its surrogate is whole, so nothing in the surrogate can refer to it.
        reader.Register(start, ReaderReferences.Unfinished.Instance);
        reader.Charge(1, Unsafe.SizeOf<TSurrogate>() + 24);
        var surrogate = WireCodec<TSurrogate>.Instance.Read(ref reader);
        try
        {
            var value = converter.ConvertFromSurrogate(in surrogate)
                ?? throw new WireException($"{converter.GetType().DisplayName()} made null of a surrogate; null never had one.");
            reader.Register(start, value);
            return value;
        }
        catch (Exception cause) when (WireException.IsForeign(cause, typeof(TValue).ShortName()))
        {
            throw WireException.Wrap(cause, typeof(TValue).ShortName());
        }
    }

    public override TValue Copy(TValue value, CopyContext context)
    {
        var surrogate = WireCodec<TSurrogate>.Instance.Copy(converter.ConvertToSurrogate(in value), context);
        var copy = converter.ConvertFromSurrogate(in surrogate);
        context.Register(value, copy);
        return copy;
    }
}
