namespace Orleans.Embedded.Serialization;

/// <summary>An object's tag around the value, since most values have no null of their own.</summary>
internal sealed class NullableCodec<T> : WireCodec<T?>
    where T : struct
{
    private readonly WireCodec<T> _value = WireCodec<T>.Instance;

    public override WireKind Kind => WireKind.Object;

    public override bool SharesCopies => _value.SharesCopies;

    // A boxed T? is a boxed T.
    public override WireBody RuntimeBody => _value.RuntimeBody;

    public override bool IsDefault(T? value) => value is null;

    public override void Write(ref WireWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteTag(WireForm.Null, default);
        }
        else
        {
            writer.WriteTag(WireForm.Declared, _value.Kind);
            _value.Write(ref writer, value.GetValueOrDefault());
        }
    }

    public override T? Read(ref WireReader reader)
    {
        var tag = reader.ReadByte();
        if (tag == 0)
        {
            return null;
        }

        return tag == (((byte)WireForm.Declared << 4) | (byte)_value.Kind)
            ? _value.Read(ref reader)
            : throw new WireException($"0x{tag:X2} is the tag of no {typeof(T).DisplayName()}?.");
    }

    public override T? Copy(T? value, CopyContext context) => value is null ? null : _value.Copy(value.GetValueOrDefault(), context);
}
