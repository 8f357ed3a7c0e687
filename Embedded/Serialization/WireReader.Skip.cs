namespace Orleans.Embedded.Serialization;

internal ref partial struct WireReader
{
    /// <summary>Passes over a value of a member that this version of the type does not know.</summary>
    public void Skip(WireKind kind)
    {
        switch (kind)
        {
            case WireKind.Varint:
                ReadVarint();
                break;
            case WireKind.Fixed32:
                ReadRaw(sizeof(uint));
                break;
            case WireKind.Fixed64:
                ReadRaw(sizeof(ulong));
                break;
            case WireKind.Bytes:
                ReadBytes(out _);
                break;
            case WireKind.Group:
                SkipToEnd();
                break;
            case WireKind.Object:
                SkipObject();
                break;
            case WireKind.Sequence:
                Enter();
                var count = ReadCount();
                var elements = (WireKind)(ReadByte() & 0xF);
                for (var i = 0; i < count; i++)
                {
                    Skip(elements);
                }

                Leave();
                break;
            case WireKind.Map:
                Enter();
                ReadByte();
                var pairs = ReadCount();
                var kinds = ReadByte();
                for (var i = 0; i < pairs; i++)
                {
                    Skip((WireKind)(kinds & 0xF));
                    Skip((WireKind)(kinds >> 4));
                }

                Leave();
                break;
            default:
                throw new WireException($"Kind {(int)kind} at byte {_position} is none of a value.");
        }
    }

    /// <summary>Passes over the rest of a group, its end included.</summary>
    public void SkipToEnd()
    {
        Enter();
        while (true)
        {
            var id = ReadMemberHeader(out var kind);
            if (kind != WireKind.End)
            {
                Skip(kind);
            }
            else if (id == 0)
            {
                break;
            }
        }

        Leave();
    }

    private void SkipObject()
    {
        var tag = ReadByte();
        switch ((WireForm)(tag >> 4))
        {
            case WireForm.Null:
                break;
            case WireForm.Reference:
                ReadVarint();
                break;
            case WireForm.Declared:
                SkipBody(tag);
                break;
            case WireForm.Typed:
                ReadTypeName();
                SkipBody(tag);
                break;
            case WireForm.TypedReference:
                ReadTypeName();
                ReadVarint();
                break;
            default:
                throw new WireException($"Byte {_position - 1} is 0x{tag:X2}, the tag of no object.");
        }
    }

    private void SkipBody(byte tag)
    {
        Enter();
        Skip((WireKind)(tag & 0xF));
        Leave();
    }
}
