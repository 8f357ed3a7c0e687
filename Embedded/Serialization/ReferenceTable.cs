using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// Values by object identity. The first few are searched in a row, which beats hashing and allocates nothing; then chains in a table
/// of places, so that new objects, the common case, are appended in memory order.
/// </summary>
internal sealed class ReferenceTable<TValue>
{
    private const int Few = 16;

    // What grew larger than this for one message is not kept for the next.
    private const int WorthKeeping = 1 << 15;

    private object[] _keys = new object[Few];
    private TValue[] _values = new TValue[Few];

    // Place + 1 of the first key of a chain and of the next one; empty while the keys are few.
    private int[] _chains = [];
    private int[] _next = [];
    private int _count;

    /// <summary>The value of <paramref name="key"/>; where it has none yet, a place for it.</summary>
    public ref TValue GetOrAdd(object key, out bool exists)
    {
        var place = Find(key, out var chain);
        exists = place >= 0;
        if (exists)
        {
            return ref _values[place];
        }

        place = _count++;
        if (place == _keys.Length)
        {
            Grow();
            chain = Chain(key);
        }

        _keys[place] = key;
        if (_chains.Length > 0)
        {
            _next[place] = _chains[chain];
            _chains[chain] = place + 1;
        }

        return ref _values[place];
    }

    /// <summary>The value of <paramref name="key"/>, or a null reference.</summary>
    public ref TValue TryGet(object key)
    {
        var place = Find(key, out _);
        return ref place >= 0 ? ref _values[place] : ref Unsafe.NullRef<TValue>();
    }

    public void Clear()
    {
        if (_keys.Length > WorthKeeping)
        {
            _keys = new object[Few];
            _values = new TValue[Few];
            (_chains, _next) = ([], []);
        }
        else if (_count > 0)
        {
            Array.Clear(_keys, 0, _count);
            Array.Clear(_values, 0, _count);
            Array.Clear(_chains);
        }

        _count = 0;
    }

    private int Find(object key, out int chain)
    {
        if (_chains.Length > 0)
        {
            chain = Chain(key);
            var place = _chains[chain] - 1;
            while (place >= 0 && !ReferenceEquals(_keys[place], key))
            {
                place = _next[place] - 1;
            }

            return place;
        }

        chain = 0;
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_keys[i], key))
            {
                return i;
            }
        }

        return -1;
    }

    private int Chain(object key) => (int)((uint)RuntimeHelpers.GetHashCode(key) * 0x9E3779B9u >> 1) & (_chains.Length - 1);

    private void Grow()
    {
        var size = 2 * _keys.Length;
        var filled = _keys.Length;
        Array.Resize(ref _keys, size);
        Array.Resize(ref _values, size);
        _chains = new int[size];
        _next = new int[size];
        for (var place = 0; place < filled; place++)
        {
            var chain = Chain(_keys[place]);
            _next[place] = _chains[chain];
            _chains[chain] = place + 1;
        }
    }
}
