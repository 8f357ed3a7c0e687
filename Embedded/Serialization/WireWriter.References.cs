namespace Orleans.Embedded.Serialization;

internal ref partial struct WireWriter
{
    /// <summary>
    /// Writes where <paramref name="value"/> stands already, if it does. Otherwise notes that it stands here, and the caller writes it.
    /// </summary>
    public bool TryWriteReference(object value, Type declared, bool typed, WireBody body)
    {
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

/// <summary>Which objects and type names a message holds so far, and where. Reused by the thread that wrote the message.</summary>
internal sealed class WriterReferences
{
    private const int Few = 16;
    private const int WorthKeeping = 1024;

    [ThreadStatic]
    private static WriterReferences? _spare;

    private readonly object[] _objects = new object[Few];
    private readonly Entry[] _entries = new Entry[Few];
    private readonly WireBody?[] _names = new WireBody?[Few];
    private readonly int[] _namePositions = new int[Few];
    private Dictionary<object, Entry>? _many;
    private Dictionary<WireBody, int>? _manyNames;
    private int _count;
    private int _nameCount;

    /// <summary>Where an object stands; <c>Declared</c> is the type its reader must know beforehand, null when its name stands with it.</summary>
    public readonly record struct Entry(int Position, Type? Declared);

    public static WriterReferences Rent()
    {
        var references = _spare ?? new WriterReferences();
        _spare = null;
        return references;
    }

    public static void Return(ref WriterReferences? references)
    {
        if (references is not null)
        {
            references.Clear();
            _spare = references;
            references = null;
        }
    }

    public bool TryGetOrAdd(object value, int position, Type? declared, out Entry earlier)
    {
        // A handful of objects is searched faster in a row than in a table.
        var few = Math.Min(_count, Few);
        for (var i = 0; i < few; i++)
        {
            if (ReferenceEquals(_objects[i], value))
            {
                earlier = _entries[i];
                return true;
            }
        }

        var entry = new Entry(position, declared);
        if (_count < Few)
        {
            _objects[_count] = value;
            _entries[_count++] = entry;
            earlier = default;
            return false;
        }

        _many ??= new Dictionary<object, Entry>(ReferenceEqualityComparer.Instance);
        if (_many.TryGetValue(value, out earlier))
        {
            return true;
        }

        _many.Add(value, entry);
        _count++;
        return false;
    }

    public bool TryGetName(WireBody body, out int position)
    {
        for (var i = 0; i < Math.Min(_nameCount, Few); i++)
        {
            if (ReferenceEquals(_names[i], body))
            {
                position = _namePositions[i];
                return true;
            }
        }

        position = 0;
        return _manyNames is not null && _manyNames.TryGetValue(body, out position);
    }

    public void AddName(WireBody body, int position)
    {
        if (_nameCount < Few)
        {
            _names[_nameCount] = body;
            _namePositions[_nameCount] = position;
        }
        else
        {
            _manyNames ??= [];
            _manyNames.Add(body, position);
        }

        _nameCount++;
    }

    private void Clear()
    {
        Array.Clear(_objects, 0, Math.Min(_count, Few));
        Array.Clear(_names, 0, Math.Min(_nameCount, Few));
        _count = 0;
        _nameCount = 0;
        _many = Emptied(_many);
        _manyNames = Emptied(_manyNames);
    }

    private static Dictionary<TKey, TValue>? Emptied<TKey, TValue>(Dictionary<TKey, TValue>? table)
        where TKey : notnull
    {
        if (table is null || table.Count > WorthKeeping)
        {
            return null;
        }

        table.Clear();
        return table;
    }
}
