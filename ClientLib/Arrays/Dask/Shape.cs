using System.Collections;
using System.Runtime.CompilerServices;

namespace Orleans.Dask;

/// <summary>Length of each axis: a number, a tuple <c>(4, 3)</c>, or a list <c>[4, 3]</c>; empty for a single value.</summary>
[CollectionBuilder(typeof(ShapeBuilder), nameof(ShapeBuilder.Create))]
public readonly struct Shape : IEnumerable<long>
{
    private readonly long[]? _lengths;

    internal Shape(long[] lengths) => _lengths = lengths;

    internal long[] Lengths => _lengths ?? [];

    /// <summary>One axis.</summary>
    public static implicit operator Shape(long length) => new([length]);

    /// <inheritdoc cref="op_Implicit(long)"/>
    public static implicit operator Shape(int length) => new([length]);

    /// <summary>Two axes.</summary>
    public static implicit operator Shape((long, long) lengths) => new([lengths.Item1, lengths.Item2]);

    /// <summary>Three axes.</summary>
    public static implicit operator Shape((long, long, long) lengths) => new([lengths.Item1, lengths.Item2, lengths.Item3]);

    /// <summary>Four axes.</summary>
    public static implicit operator Shape((long, long, long, long) lengths) => new([lengths.Item1, lengths.Item2, lengths.Item3, lengths.Item4]);

    /// <summary>As many axes as there are lengths.</summary>
    public static implicit operator Shape(long[] lengths) => new(lengths);

    /// <inheritdoc cref="op_Implicit(long[])"/>
    public static implicit operator Shape(int[] lengths) => new(Array.ConvertAll(lengths, l => (long)l));

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)Lengths).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal long[] Checked() => !Array.TrueForAll(Lengths, l => l >= 0)
        ? throw new ShapeException($"Shape {Orleans.Dask.Arrays.Strided.Text(Lengths)} has a negative length. Lengths are 0 or more.")
        : Lengths.Aggregate((Int128)1, (size, length) => Int128.Min(size * Math.Max(1, length), long.MaxValue)) < long.MaxValue ? Lengths
        : throw new ShapeException($"Shape {Orleans.Dask.Arrays.Strided.Text(Lengths)} has more elements than can be counted, {long.MaxValue}. Pass smaller lengths.");
}

/// <summary>Lets <c>[4, 3]</c> be a shape.</summary>
public static class ShapeBuilder
{
    /// <summary>These lengths.</summary>
    public static Shape Create(ReadOnlySpan<long> lengths) => new(lengths.ToArray());
}
