namespace Orleans.Embedded.Serialization;

/// <summary>
/// Objects behind a declared type: null, seen before, of exactly that type, or of a derived one under its name.
/// </summary>
/// <param name="body">For objects of exactly the declared type; null when there are none (interfaces, abstract classes, object).</param>
internal sealed class ReferenceCodec<T>(WireBody<T>? body) : WireCodec<T>
    where T : class
{
    // An array type counts as sealed, yet an object[] may be a string[].
    private readonly bool _isExact = (typeof(T).IsSealed && !typeof(T).IsArray) || body is { HoldsDerivedTypes: true };

    public WireBody<T>? Body { get; } = body;

    public override WireKind Kind => WireKind.Object;

    public override bool SharesCopies => Body is { SharesCopies: true };

    public override WireBody RuntimeBody => Body ?? throw WireException.NotSerializable(typeof(T));

    public override bool IsDefault(T value) => value is null;

    public override void Write(ref WireWriter writer, T value)
    {
        if (value is null)
        {
            writer.WriteTag(WireForm.Null, default);
        }
        else if (Body is not null && (_isExact || value.GetType() == typeof(T)))
        {
            if (Body.IsTracked && writer.TryWriteReference(value, typeof(T), typed: false, Body))
            {
                return;
            }

            writer.WriteTag(WireForm.Declared, Body.Kind);
            writer.Enter();
            Body.Write(ref writer, value);
            writer.Leave();
        }
        else
        {
            WriteTyped(ref writer, value);
        }
    }

    public override T Read(ref WireReader reader) => reader.ReadObject(this)!;

    public override T Copy(T value, CopyContext context)
    {
        if (value is null)
        {
            return value!;
        }

        WireBody body = Body is not null && (_isExact || value.GetType() == typeof(T)) ? Body : WireBodies.For(value);
        if (body.SharesCopies)
        {
            return value;
        }

        if (context.TryGet(value, out var known))
        {
            return (T)known;
        }

        context.Enter();
        var copy = (T)body.CopyObject(value, context);
        context.Leave();
        return copy;
    }

    private static void WriteTyped(ref WireWriter writer, T value)
    {
        var body = WireBodies.For(value);
        if (body.IsTracked && writer.TryWriteReference(value, typeof(T), typed: true, body))
        {
            return;
        }

        writer.WriteTag(WireForm.Typed, body.Kind);
        writer.WriteTypeName(body);
        writer.Enter();
        body.WriteObject(ref writer, value);
        writer.Leave();
    }
}
