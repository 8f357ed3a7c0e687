namespace Orleans.Embedded.Serialization;

internal ref partial struct WireReader
{
    /// <summary>Remembers the object that stands at <paramref name="position"/>; before its members are read, so that they may point back.</summary>
    public void Register(int position, object value)
    {
        _references ??= ReaderReferences.Rent();
        _references.Set(position, value);
    }

    /// <summary>The name of a runtime type; a view of the message.</summary>
    public ReadOnlySpan<byte> ReadTypeName()
    {
        var position = ReadVarint();
        if (position == 0)
        {
            return ReadRaw(ReadCount());
        }

        if (position >= (ulong)_position)
        {
            throw new WireException($"A type's name is said to stand at byte {position}, which comes later than byte {_position}.");
        }

        var here = _position;
        _position = (int)position;
        var name = ReadRaw(ReadCount());
        _position = here;
        return name;
    }

    /// <summary>The object that stands at an earlier position, read from there if it was passed over.</summary>
    private T Resolve<T>(ReferenceCodec<T> codec, int before)
        where T : class
    {
        _resolved++;
        var position = ReadVarint();
        if (position >= (ulong)before)
        {
            throw new WireException($"Byte {before} refers to an object at byte {position}, which does not come before it.");
        }

        _references ??= ReaderReferences.Rent();
        if (!_references.TryGet((int)position, out var known))
        {
            return Reread(codec, (int)position);
        }

        return known as T ?? throw new WireException(known is ReaderReferences.Unfinished
            ? $"Byte {before} refers to the collection at byte {position} from inside it; a collection that cannot change cannot hold itself."
            : $"Byte {before} refers to a {known.GetType().DisplayName()}, where a {typeof(T).DisplayName()} is expected.");
    }

    private T Reread<T>(ReferenceCodec<T> codec, int position)
        where T : class
    {
        var here = _position;
        _position = position;
        _references!.Set(position, ReaderReferences.Unfinished.Instance);
        Enter();
        var value = codec.Read(ref this);
        Leave();
        _rereadable -= _position - position;
        if (_rereadable < 0)
        {
            throw new WireException("The message refers to skipped parts more often than it has parts.");
        }

        _position = here;
        return value ?? throw new WireException($"The object at byte {position} is null, so nothing can refer to it.");
    }

    /// <summary>Reads what follows the tag of an object declared as <typeparamref name="T"/>.</summary>
    public T? ReadObject<T>(ReferenceCodec<T> codec)
        where T : class
    {
        var start = _position;
        var tag = ReadByte();
        switch ((WireForm)(tag >> 4))
        {
            case WireForm.Null when tag == 0:
                return null;
            case WireForm.Declared when codec.Body is { } body:
                CheckKind(body, tag);
                Open(start);
                var declared = body.Read(ref this, start);
                Close();
                return declared;
            case WireForm.Declared:
                throw new WireException($"The object at byte {start} does not say its type, but {typeof(T).DisplayName()} is not the type of any object.");
            case WireForm.Reference:
                return Resolve(codec, start);
            case WireForm.Typed:
                var runtime = WireBodies.ForName(ReadTypeName(), typeof(T));
                CheckKind(runtime, tag);
                Open(start);
                var typed = runtime.ReadObject(ref this, start);
                Close();
                return As<T>(typed, start);
            case WireForm.TypedReference:
                var known = WireBodies.ForName(ReadTypeName(), typeof(T));
                return As<T>(known.ResolveReference(ref this, start), start);
            default:
                throw new WireException($"Byte {start} is 0x{tag:X2}, the tag of no object.");
        }
    }

    /// <summary>As <see cref="ReadObject"/> finds a <see cref="WireForm.TypedReference"/>: the codec is that of the runtime type.</summary>
    public T ResolveReference<T>(ReferenceCodec<T> codec, int before)
        where T : class => Resolve(codec, before);

    /// <summary>Reads what a dictionary or set is about to hash or compare.</summary>
    public T ReadKey<T>(WireCodec<T> codec)
    {
        var resolved = _resolved;
        var key = codec.Read(ref this);
        if (resolved != _resolved)
        {
            KeyProof.Check(codec, key, _references!.OpenObjects());
        }

        return key;
    }

    private void Open(int start)
    {
        Enter();
        _references ??= ReaderReferences.Rent();
        _references.Open(start);
    }

    private void Close()
    {
        _references!.Close();
        Leave();
    }

    private static T As<T>(object value, int start)
        where T : class => value as T ?? throw new WireException(
            $"The object at byte {start} is a {value.GetType().DisplayName()}, where a {typeof(T).DisplayName()} is expected.");

    private static void CheckKind(WireBody body, byte tag)
    {
        if ((tag & 0xF) != (byte)body.Kind)
        {
            throw new WireException($"A {body.Type.DisplayName()} stands as {(WireKind)(tag & 0xF)}, expected {body.Kind}. Its two ends know different kinds of type by this name.");
        }
    }
}
