using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>Writes keys for one message: each layer's name once.</summary>
internal sealed class KeyTable
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private string? _lastName;
    private int _last;

    /// <summary>Letters of the names so far: what they add to the message.</summary>
    public long NameBytes { get; private set; }

    public WireKey Write(TaskKey key)
    {
        // Keys of one layer follow one another, and share the string.
        if (!ReferenceEquals(key.Layer, _lastName))
        {
            _lastName = key.Layer;
            if (!_numbers.TryGetValue(key.Layer, out _last))
            {
                _last = _names.Count;
                _names.Add(key.Layer);
                NameBytes += key.Layer.Length;
                _numbers.Add(key.Layer, _last);
            }
        }

        return new WireKey(_last, key.Index);
    }

    public string[] Names() => [.. _names];

    public static TaskKey Read(string[] layers, WireKey key) => new(layers[key.Layer], key.Index);
}
