using System.Runtime.CompilerServices;

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
    [ThreadStatic]
    private static WriterReferences? _spare;

    private readonly ReferenceTable<Entry> _objects = new();
    private readonly ReferenceTable<int> _names = new();

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
            references._objects.Clear();
            references._names.Clear();
            _spare = references;
            references = null;
        }
    }

    public bool TryGetOrAdd(object value, int position, Type? declared, out Entry earlier)
    {
        ref var entry = ref _objects.GetOrAdd(value, out var exists);
        earlier = entry;
        if (!exists)
        {
            entry = new Entry(position, declared);
        }

        return exists;
    }

    public bool TryGetName(WireBody body, out int position)
    {
        ref var found = ref _names.TryGet(body);
        var exists = !Unsafe.IsNullRef(ref found);
        position = exists ? found : 0;
        return exists;
    }

    public void AddName(WireBody body, int position) => _names.GetOrAdd(body, out _) = position;
}
