namespace Orleans.Embedded.Serialization;

internal ref partial struct WireWriter
{
    /// <summary>
    /// Writes where <paramref name="value"/> stands already, if it does. Otherwise notes that it stands here, and the caller writes it.
    /// </summary>
    public bool TryWriteReference(object value, Type declared, bool typed, WireBody body)
    {
        if (_proof is not null)
        {
            return _proof.Stops(value, body);
        }

        _references ??= WriterReferences.Rent();
        if (!_references.TryGetOrAdd(value, Position, typed ? null : declared, out var earlier))
        {
            return false;
        }

        if (earlier.Declared is null || earlier.Declared == declared)
        {
            WriteTag(WireForm.Reference, default);
        }
        else
        {
            WriteTag(WireForm.TypedReference, default);
            WriteTypeName(body);
        }

        WriteVarint((ulong)earlier.Position);
        return true;
    }

    public void WriteTag(WireForm form, WireKind body) => WriteByte((byte)(((byte)form << 4) | (byte)body));

    /// <summary>The name of a runtime type: in full the first time, later as the position of the first time.</summary>
    public void WriteTypeName(WireBody body)
    {
        _references ??= WriterReferences.Rent();
        if (_references.TryGetName(body, out var position))
        {
            WriteVarint((ulong)position);
            return;
        }

        // Position 0 is the message's first byte, which never is a name: there it means "the name follows".
        WriteByte(0);
        _references.AddName(body, Position);
        WriteVarint((ulong)body.Name.Length);
        WriteRaw(body.Name);
    }
}
