using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>A function that tasks of the session name by number.</summary>
/// <param name="number">As <see cref="FunctionSpec.Number"/>.</param>
/// <param name="encoded">The <see cref="TaskFunction"/>, encoded when it was first used: what a closure captured is what it held then.</param>
/// <param name="layer">Names the keys of calls to it.</param>
internal sealed class FunctionEntry(int number, Payload encoded, LayerCounter? layer)
{
    public int Number { get; } = number;

    public Payload Encoded { get; } = encoded;

    public LayerCounter? Layer { get; } = layer;

    /// <summary>The epoch in which the scheduler was told of it.</summary>
    public long ToldEpoch { get; set; }
}

/// <summary>Hands out the keys <c>name-token[0]</c>, <c>name-token[1]</c>, ...: calls of one function share a layer.</summary>
/// <param name="name">The layer.</param>
internal sealed class LayerCounter(string name)
{
    private int _next = -1;

    public string Name { get; } = name;

    /// <summary>The next key; null when the layer is full.</summary>
    public TaskKey? Next() => Interlocked.Increment(ref _next) is >= 0 and var index ? new TaskKey(Name, index) : null;
}
