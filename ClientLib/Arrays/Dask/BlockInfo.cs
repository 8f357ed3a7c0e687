using System.Collections;

namespace Orleans.Dask;

/// <summary>Where a chunk stands in the array that it becomes part of: its block position by axis, and the elements it covers.</summary>
public sealed class BlockInfo : IReadOnlyList<int>
{
    private readonly int[] _position;
    private readonly long[][] _starts;

    internal BlockInfo(int[] position, long[][] starts) => (_position, _starts) = (position, starts);

    /// <summary>Number of axes.</summary>
    public int Count => _position.Length;

    /// <summary>Block position along an axis, from 0.</summary>
    public int this[int index] => _position[index];

    /// <summary>Blocks per axis.</summary>
    public IReadOnlyList<int> NumBlocks => Array.ConvertAll(_starts, s => s.Length - 1);

    /// <summary>Per axis, the first element the chunk covers and the one after its last.</summary>
    public IReadOnlyList<(long Start, long Stop)> ArrayLocation => [.. _position.Select((p, axis) => (_starts[axis][p], _starts[axis][p + 1]))];

    /// <summary>Shape of the whole array.</summary>
    public IReadOnlyList<long> Shape => Array.ConvertAll(_starts, s => s[^1]);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_position).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
