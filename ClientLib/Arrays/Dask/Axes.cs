using System.Collections;
using System.Runtime.CompilerServices;

namespace Orleans.Dask;

/// <summary>Which axes an operation runs over: one number, several (<c>[0, 2]</c>), or all of them (<c>default</c>). Negative counts from the end.</summary>
[CollectionBuilder(typeof(AxesBuilder), nameof(AxesBuilder.Create))]
public readonly struct Axes : IEnumerable<int>
{
    private readonly int[]? _axes;

    internal Axes(int[]? axes) => _axes = axes;

    /// <summary>Every axis.</summary>
    public static Axes All => default;

    internal int[]? List => _axes;

    /// <summary>One axis.</summary>
    public static implicit operator Axes(int axis) => new([axis]);

    /// <summary>Several axes; null means all.</summary>
    public static implicit operator Axes(int[]? axes) => new(axes);

    /// <summary>Two axes.</summary>
    public static implicit operator Axes((int, int) axes) => new([axes.Item1, axes.Item2]);

    /// <summary>Three axes.</summary>
    public static implicit operator Axes((int, int, int) axes) => new([axes.Item1, axes.Item2, axes.Item3]);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_axes ?? [])).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal int[] Resolve(int rank) => Orleans.Dask.Arrays.Strided.Axes(_axes, rank);
}

/// <summary>Lets <c>[0, 2]</c> be axes.</summary>
public static class AxesBuilder
{
    /// <summary>These axes.</summary>
    public static Axes Create(ReadOnlySpan<int> axes) => new(axes.ToArray());
}
