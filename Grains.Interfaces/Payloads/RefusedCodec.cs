namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>A type that never travels. Null in its place does.</summary>
internal sealed class RefusedCodec(Type type, string reason) : Codec(type)
{
    /// <summary>Refused as itself, though objects of derived types may travel.</summary>
    public bool IsAbstract { get; init; }

    public override bool IsTracked => false;

    public override void Check(object value) => throw Refusals.Error(Type, reason);

    public override void WriteNew(PayloadWriter writer, object value) => throw Refusals.Error(Type, reason);

    public override object ReadNew(ref PayloadReader reader) => throw Refusals.Error(Type, reason);
}

/// <inheritdoc cref="RefusedCodec"/>
internal sealed class RefusedValueCodec<T>(string reason) : ValueCodec<T>
{
    public override void Write(PayloadWriter writer, T value) => throw Refusals.Error(Type, reason);

    public override T Read(ref PayloadReader reader) => throw Refusals.Error(Type, reason);
}
