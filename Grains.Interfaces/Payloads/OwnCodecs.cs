namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Exact codecs that types of other assemblies name with <see cref="PayloadCodecAttribute"/>.</summary>
internal static class OwnCodecs
{
    public static Codec Create(Type type, Type codec)
    {
        var closed = codec;
        if (codec.IsGenericTypeDefinition)
        {
            if (codec.GetGenericArguments().Length != type.GetGenericArguments().Length)
            {
                return Codecs.Refuse(type, $"its codec {TypeText.Full(codec)} takes {codec.GetGenericArguments().Length} type arguments, the type has {type.GetGenericArguments().Length}.");
            }

            closed = codec.MakeGenericType(type.GetGenericArguments());
        }

        if (!closed.IsAssignableTo(typeof(PayloadCodec<>).MakeGenericType(type)) || closed.GetConstructor(Type.EmptyTypes) is null)
        {
            return Codecs.Refuse(type, $"its codec {TypeText.Full(codec)} is no PayloadCodec<{TypeText.Of(type)}> with a public constructor without parameters.");
        }

        var own = Activator.CreateInstance(closed)!;
        return (Codec)Activator.CreateInstance((type.IsValueType ? typeof(OwnValueCodec<>) : typeof(OwnObjectCodec<>)).MakeGenericType(type), own)!;
    }

    private sealed class OwnValueCodec<T>(PayloadCodec<T> own) : ValueCodec<T>
    {
        public override void Write(PayloadWriter writer, T value) => own.Write(writer, value);

        public override T Read(ref PayloadReader reader) => own.Read(ref reader);
    }

    private sealed class OwnObjectCodec<T>(PayloadCodec<T> own) : BuiltCodec<T>
        where T : class
    {
        public override void Write(PayloadWriter writer, T value) => own.Write(writer, value);

        public override T Read(ref PayloadReader reader) => own.Read(ref reader);
    }
}
