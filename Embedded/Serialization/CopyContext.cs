using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>One deep copy: an object met twice is copied once, and a cycle stays a cycle.</summary>
internal sealed class CopyContext
{
    [ThreadStatic]
    private static CopyContext? _spare;

    /// <summary>The silo or client that what this thread copies is for; null: it stays where it is.</summary>
    [field: ThreadStatic]
    public static IGrainRuntime? Receiver { get; set; }

    private readonly ReferenceTable<object> _copies = new();
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
        _copies.Clear();
        _depth = 0;
        _spare = this;
    }

    public bool TryGet(object source, [NotNullWhen(true)] out object? copy)
    {
        ref var found = ref _copies.TryGet(source);
        copy = Unsafe.IsNullRef(ref found) ? null : found;
        return copy is not null;
    }

    public void Register(object source, object copy) => _copies.GetOrAdd(source, out _) = copy;

    public void Enter() => WireDepth.Check(++_depth, WireLimits.Default.MaxDepth);

    public void Leave() => _depth--;
}
