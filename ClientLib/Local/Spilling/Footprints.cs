using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Spilling;

/// <summary>How much memory the values of a run keep: buffers count once, however many values are views of them.</summary>
/// <param name="count">How many values there may be, by their ids.</param>
internal sealed class Footprints(int count)
{
    /// <summary>Smaller values stay: a file has nothing to spare them.</summary>
    public const int LeastSpilled = 1024;

    private readonly Dictionary<Array, Buffer> _buffers = new(ReferenceEqualityComparer.Instance);
    private readonly Buffer?[] _others = new Buffer?[count];  // of what values have besides such buffers

    /// <summary>Bytes of all values, without those that are about to go.</summary>
    public long Kept { get; private set; }

    /// <summary>Memory of a value that is not the run's: the caller's, before or after. Values of the run that share it don't count either.</summary>
    public void Exempt(object? value)
    {
        foreach (var array in Arrays(value))
        {
            var buffer = Find(array);
            Kept -= buffer.Counted;
            buffer.Bytes = 0;
            buffer.Values++;
        }
    }

    /// <summary>A value came.</summary>
    public void Add(int id, object? value)
    {
        if (value is not (null or NDArray or NDArray?[]))
        {
            _others[id] = new Buffer { Bytes = ValueSize.Of(value) };
        }

        Change(id, value, values: 1, leaving: 0);
    }

    /// <summary>It went.</summary>
    public void Remove(int id, object? value)
    {
        Change(id, value, values: -1, leaving: 0);
        _others[id] = null;
        foreach (var array in Arrays(value))
        {
            if (_buffers.TryGetValue(array.Buffer, out var buffer) && buffer.Values == 0)
            {
                _buffers.Remove(array.Buffer);
            }
        }
    }

    /// <summary>It is about to go. A buffer does when all its values do.</summary>
    public void Leave(int id, object? value) => Change(id, value, values: 0, leaving: 1);

    /// <summary>It stays after all.</summary>
    public void Stay(int id, object? value) => Change(id, value, values: 0, leaving: -1);

    /// <summary>What a value takes in memory of its own.</summary>
    public long SizeOf(int id, object? value) => (_others[id]?.Bytes ?? 0) + Arrays(value).Sum(array => array.NBytes);

    /// <summary>Whether a value is worth writing: not a small one, nor one that shows its buffer over and over, of which more would be written than is freed.</summary>
    public bool IsWorthSpilling(int id, object? value)
    {
        if (value is null)
        {
            return false;
        }

        var written = _others[id]?.Bytes ?? 0;
        var kept = written;
        foreach (var array in Arrays(value))
        {
            written += array.NBytes;
            kept += Find(array).Bytes;
        }

        return kept >= LeastSpilled && written <= kept;
    }

    private void Change(int id, object? value, int values, int leaving)
    {
        if (_others[id] is { } others)
        {
            Change(others, values, leaving);
        }

        foreach (var array in Arrays(value))
        {
            Change(Find(array), values, leaving);
        }
    }

    private void Change(Buffer buffer, int values, int leaving)
    {
        Kept -= buffer.Counted;
        buffer.Values += values;
        buffer.Leaving += leaving;
        Kept += buffer.Counted;
    }

    private Buffer Find(NDArray array)
    {
        if (!_buffers.TryGetValue(array.Buffer, out var buffer))
        {
            _buffers[array.Buffer] = buffer = new Buffer { Bytes = array.Buffer.LongLength * array.DType.Size() };
        }

        return buffer;
    }

    private static IEnumerable<NDArray> Arrays(object? value) => value switch
    {
        NDArray array => [array],
        NDArray?[] several => several.OfType<NDArray>(),
        _ => [],
    };

    private sealed class Buffer
    {
        public long Bytes;
        public int Values;     // that are in memory and show it
        public int Leaving;    // of those

        public long Counted => Values > Leaving ? Bytes : 0;
    }
}
