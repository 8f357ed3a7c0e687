using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

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
