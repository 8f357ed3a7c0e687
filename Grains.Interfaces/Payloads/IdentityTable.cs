using System.Runtime.CompilerServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Objects by identity, numbered in the order they came. Most values hold few: those are searched one by one, without hashing.</summary>
internal struct IdentityTable
{
    private const int Few = 8;
    private const int KeptEntries = 4096;

    private object?[]? _objects;
    private int[]? _slots;
    private int _count;

    public readonly bool TryFind(object value, out int id)
    {
        if (_count <= Few)
        {
            for (var i = 0; i < _count; i++)
            {
                if (ReferenceEquals(_objects![i], value))
                {
                    id = i;
                    return true;
                }
            }

            id = -1;
            return false;
        }

        var mask = _slots!.Length - 1;
        for (var slot = RuntimeHelpers.GetHashCode(value) & mask; ; slot = (slot + 1) & mask)
        {
            var entry = _slots[slot] - 1;
            if (entry < 0)
            {
                id = -1;
                return false;
            }

            if (ReferenceEquals(_objects![entry], value))
            {
                id = entry;
                return true;
            }
        }
    }

    public void Add(object value)
    {
        _objects ??= new object?[Few];
        if (_count == _objects.Length)
        {
            Array.Resize(ref _objects, _count * 2);
        }

        _objects[_count++] = value;
        if (_count > Few)
        {
            if (_slots is null || _slots.Length < _count * 2)
            {
                Rehash();
            }
            else if (_count == Few + 1)
            {
                for (var i = 0; i < _count; i++)
                {
                    Place(i);
                }
            }
            else
            {
                Place(_count - 1);
            }
        }
    }

    public void Clear()
    {
        if (_objects is not null)
        {
            if (_objects.Length > KeptEntries)
            {
                _objects = null;
                _slots = null;
            }
            else
            {
                Array.Clear(_objects, 0, _count);
                if (_slots is not null && _count > Few)
                {
                    Array.Clear(_slots);
                }
            }
        }

        _count = 0;
    }

    private void Rehash()
    {
        _slots = new int[Math.Max(64, _objects!.Length * 4)];
        for (var i = 0; i < _count; i++)
        {
            Place(i);
        }
    }

    private readonly void Place(int entry)
    {
        var mask = _slots!.Length - 1;
        var slot = RuntimeHelpers.GetHashCode(_objects![entry]) & mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        _slots[slot] = entry + 1;
    }
}
