using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Spilling;

/// <summary>How much memory the values of a run keep: buffers count once, however many values are views of them.</summary>
/// <param name="count">How many values there may be, by their ids.</param>
internal sealed class Footprints(int count)
{
    /// <summary>Smaller values stay: a file has nothing to spare them.</summary>
    public const int LeastSpilled = 1024;

    private readonly Dictionary<Array, Buffer> _buffers = new(ReferenceEqualityComparer.Instance);
    private readonly long[] _others = new long[count];  // of values without such buffers

    /// <summary>Bytes of all.</summary>
    public long Total { get; private set; }

    /// <summary>Memory of a value that is not the run's: the caller's, before or after.</summary>
    public void Exempt(object? value)
    {
        foreach (var array in Arrays(value))
        {
            _buffers.TryAdd(array.Buffer, new Buffer { Bytes = 0, Values = 1 });
        }
    }

    /// <summary>A value came.</summary>
    /// <returns>How many bytes more there are.</returns>
    public long Add(int id, object? value)
    {
        var before = Total;
        foreach (var array in Arrays(value))
        {
            if (!_buffers.TryGetValue(array.Buffer, out var buffer))
            {
                _buffers[array.Buffer] = buffer = new Buffer { Bytes = array.Buffer.LongLength * array.DType.Size() };
                Total += buffer.Bytes;
            }

            buffer.Values++;
        }

        _others[id] = value is null or NDArray or NDArray?[] ? 0 : ValueSize.Of(value);
        Total += _others[id];
        return Total - before;
    }

    /// <summary>It went.</summary>
    /// <returns>How many bytes fewer there are.</returns>
    public long Remove(int id, object? value)
    {
        var before = Total;
        foreach (var array in Arrays(value))
        {
            var buffer = _buffers[array.Buffer];
            if (--buffer.Values == 0)
            {
                _buffers.Remove(array.Buffer);
                Total -= buffer.Bytes;
            }
        }

        Total -= _others[id];
        return before - Total;
    }

    /// <summary>A value is about to go to the disk, or (<paramref name="change"/> -1) has gone or stays after all.</summary>
    /// <returns>How many bytes its going frees, those of others that are about to go with it considered.</returns>
    public long Leave(int id, object? value, int change = 1)
    {
        var freed = _others[id];
        foreach (var array in Arrays(value))
        {
            var buffer = _buffers[array.Buffer];
            buffer.Leaving += change;
            freed += buffer.Leaving == buffer.Values ? buffer.Bytes : 0;
        }

        return freed;
    }

    /// <summary>What a value takes in memory of its own.</summary>
    public long SizeOf(int id, object? value) => _others[id] + Arrays(value).Sum(array => array.NBytes);

    /// <summary>Whether to write a value frees what it costs: views of little of a buffer, or of a buffer over and over, stay.</summary>
    public bool IsWorthSpilling(int id, object? value)
    {
        if (value is null)
        {
            return false;
        }

        var (written, kept) = (_others[id], _others[id]);
        foreach (var array in Arrays(value))
        {
            written += array.NBytes;
            kept += _buffers[array.Buffer].Bytes;
        }

        return kept >= LeastSpilled && written <= kept;
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
        public int Values;
        public int Leaving;
    }
}
