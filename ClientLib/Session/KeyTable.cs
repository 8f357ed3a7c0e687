using System.Diagnostics.CodeAnalysis;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>States by key. A layer's name is hashed once for a run of its keys: neighbours are looked up one after another.</summary>
internal sealed class KeyTable
{
    private readonly Dictionary<string, Dictionary<int, FutureState>> _layers = new(StringComparer.Ordinal);
    private string? _lastName;
    private Dictionary<int, FutureState>? _last;

    public int Count { get; private set; }

    public IEnumerable<FutureState> States => _layers.Values.SelectMany(layer => layer.Values);

    public bool TryFind(TaskKey key, [NotNullWhen(true)] out FutureState? state)
    {
        state = null;
        return Layer(key.Layer) is { } layer && layer.TryGetValue(key.Index, out state);
    }

    /// <summary>Puts a state under its key, in place of another that has ended for good.</summary>
    public void Put(FutureState state)
    {
        var layer = Layer(state.Key.Layer);
        if (layer is null)
        {
            _layers.Add(state.Key.Layer, layer = []);
            (_lastName, _last) = (state.Key.Layer, layer);
        }

        Count += layer.TryAdd(state.Key.Index, state) ? 1 : 0;
        layer[state.Key.Index] = state;
    }

    /// <summary>Takes the state out, unless its key means another one by now.</summary>
    public void Remove(FutureState state)
    {
        if (Layer(state.Key.Layer) is not { } layer || !layer.TryGetValue(state.Key.Index, out var found) || !ReferenceEquals(found, state))
        {
            return;
        }

        layer.Remove(state.Key.Index);
        Count--;
        if (layer.Count == 0)
        {
            _layers.Remove(state.Key.Layer);
            (_lastName, _last) = (null, null);
        }
    }

    private Dictionary<int, FutureState>? Layer(string name)
    {
        if (_last is not null && string.Equals(_lastName, name, StringComparison.Ordinal))
        {
            return _last;
        }

        if (!_layers.TryGetValue(name, out var layer))
        {
            return null;
        }

        (_lastName, _last) = (name, layer);
        return layer;
    }
}
