using System.Diagnostics.CodeAnalysis;

namespace Orleans.Embedded.Serialization;

/// <summary>The objects of a message by their position. Reused by the thread that read the message.</summary>
internal sealed class ReaderReferences
{
    private const int WorthKeeping = 1 << 15;

    [ThreadStatic]
    private static ReaderReferences? _spare;

    // Objects are met in the order in which they stand, so a list is sorted by itself; what is read later from a skipped part is not.
    private readonly Dictionary<int, object> _late = [];
    private int[] _positions = new int[16];
    private object[] _objects = new object[16];
    private int _count;
    private int[] _open = new int[16];
    private int _openCount;

    /// <summary>Stands for an object that can be registered only when it is complete.</summary>
    public sealed class Unfinished
    {
        public static Unfinished Instance { get; } = new();
    }

    public static ReaderReferences Rent()
    {
        var references = _spare ?? new ReaderReferences();
        _spare = null;
        return references;
    }

    public static void Return(ref ReaderReferences? references)
    {
        if (references is not null && references._objects.Length <= WorthKeeping && references._late.Count <= WorthKeeping)
        {
            Array.Clear(references._objects, 0, references._count);
            references._count = 0;
            references._openCount = 0;
            references._late.Clear();
            _spare = references;
        }

        references = null;
    }

    public void Set(int position, object value)
    {
        if (_count == 0 || position > _positions[_count - 1])
        {
            if (_count == _positions.Length)
            {
                Array.Resize(ref _positions, 2 * _count);
                Array.Resize(ref _objects, 2 * _count);
            }

            _positions[_count] = position;
            _objects[_count++] = value;
            return;
        }

        var place = Array.BinarySearch(_positions, 0, _count, position);
        if (place >= 0)
        {
            _objects[place] = value;
        }
        else
        {
            _late[position] = value;
        }
    }

    /// <summary>Reading of the object at this position begins; <see cref="Close"/> ends the latest.</summary>
    public void Open(int position)
    {
        if (_openCount == _open.Length)
        {
            Array.Resize(ref _open, 2 * _openCount);
        }

        _open[_openCount++] = position;
    }

    public void Close() => _openCount--;

    /// <summary>The objects whose reading has begun and not ended.</summary>
    public HashSet<object> OpenObjects()
    {
        var objects = new HashSet<object>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < _openCount; i++)
        {
            if (TryGet(_open[i], out var value))
            {
                objects.Add(value);
            }
        }

        return objects;
    }

    public bool TryGet(int position, [NotNullWhen(true)] out object? value)
    {
        var place = Array.BinarySearch(_positions, 0, _count, position);
        if (place >= 0)
        {
            value = _objects[place];
            return true;
        }

        return _late.TryGetValue(position, out value);
    }
}
