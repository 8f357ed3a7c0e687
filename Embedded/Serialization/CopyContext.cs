using System.Diagnostics.CodeAnalysis;

namespace Orleans.Embedded.Serialization;

/// <summary>One deep copy: an object met twice is copied once, and a cycle stays a cycle.</summary>
internal sealed class CopyContext
{
    private const int Few = 16;
    private const int WorthKeeping = 1024;

    [ThreadStatic]
    private static CopyContext? _spare;

    private readonly object[] _sources = new object[Few];
    private readonly object[] _copies = new object[Few];
    private Dictionary<object, object>? _many;
    private int _count;
    private int _depth;

    public static CopyContext Rent()
    {
        var context = _spare ?? new CopyContext();
        _spare = null;
        return context;
    }

    /// <summary>Not after an exception: then the context is left to the collector.</summary>
    public void Return()
    {
        Array.Clear(_sources, 0, _count);
        Array.Clear(_copies, 0, _count);
        _count = 0;
        _depth = 0;
        if (_many?.Count > WorthKeeping)
        {
            _many = null;
        }

        _many?.Clear();
        _spare = this;
    }

    public bool TryGet(object source, [NotNullWhen(true)] out object? copy)
    {
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_sources[i], source))
            {
                copy = _copies[i];
                return true;
            }
        }

        copy = null;
        return _many is not null && _many.TryGetValue(source, out copy);
    }

    public void Register(object source, object copy)
    {
        if (_count < Few)
        {
            _sources[_count] = source;
            _copies[_count++] = copy;
            return;
        }

        _many ??= new Dictionary<object, object>(ReferenceEqualityComparer.Instance);
        _many[source] = copy;
    }

    public void Enter()
    {
        if (++_depth > WireLimits.Default.MaxDepth)
        {
            throw new WireException($"The value is nested more than {WireLimits.Default.MaxDepth} levels deep. Put the items of a long chain into a list instead.");
        }
    }

    public void Leave() => _depth--;
}
