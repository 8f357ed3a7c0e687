using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Draws from what is there, and orders at random.</summary>
public sealed partial class RandomArrays
{
    /// <summary>Entries along axis 0 of an array, drawn at random.</summary>
    /// <param name="values">What to draw from.</param>
    /// <param name="shape">Of the answer.</param>
    /// <param name="chunks">Of the answer.</param>
    /// <param name="seed">Drawn when left out.</param>
    /// <param name="replace">False: no entry twice.</param>
    /// <param name="p">Probability of each entry; all alike when left out. They add up to 1.</param>
    public DaskArray<T> Choice<T>(DaskArray<T> values, Shape shape, ChunkSpec chunks = default, ulong? seed = null, bool replace = true, double[]? p = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank != 1)
        {
            throw new ShapeException($"Choice draws from one axis, found shape {Strided.Text(values.Recipe.Shape)}. Draw positions with Choice(length, …) instead.");
        }

        var lengths = shape.Checked();
        var positions = Positions(values.Shape[0], Shapes.Size(lengths), Seed(seed), replace, p);
        return values[positions].Reshape(lengths).Rechunk(chunks);
    }

    /// <summary>Positions 0 to <paramref name="length"/> - 1, drawn at random; parameters as of the draw from an array.</summary>
    public DaskArray<long> Choice(long length, Shape shape, ChunkSpec chunks = default, ulong? seed = null, bool replace = true, double[]? p = null)
    {
        var lengths = shape.Checked();
        return Positions(length, Shapes.Size(lengths), Seed(seed), replace, p).Reshape(lengths).Rechunk(chunks);
    }

    /// <summary>0 to <paramref name="length"/> - 1 in random order.</summary>
    public DaskArray<long> Permutation(long length, ChunkSpec chunks = default, ulong? seed = null) => Random(length, chunks, seed).ArgSort();

    /// <summary>The entries along axis 0 in random order.</summary>
    public DaskArray<T> Permutation<T>(DaskArray<T> array, ulong? seed = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Rank == 0 ? throw new AxisException("A single value has no axis to permute.")
            : array[Permutation(array.Shape[0], ChunkSpec.Explicit([array.Recipe.Chunks[0]]), seed)];
    }

    /// <summary>How many of so many trials fall to each probability: shape (shape…, probabilities).</summary>
    public DaskArray<long> Multinomial(long trials, double[] probabilities, Shape shape, ChunkSpec chunks = default, ulong? seed = null)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        CheckSum(probabilities, probabilities.Length);
        long[] full = [.. shape.Checked(), probabilities.Length];
        return new(Element.Source(new MultinomialSource(full, Seed(seed), (long)NotNegative(trials, nameof(trials)), probabilities), [.. chunks.Resolve(full[..^1], DType.Int64), [probabilities.Length]]));
    }

    private static DaskArray<long> Positions(long length, long count, ulong seed, bool replace, double[]? p)
    {
        if (p is not null)
        {
            CheckSum(p, length);
        }

        if (length < 1 && count > 0)
        {
            throw new ArrayException($"There is nothing to draw {count} entries from: the length is {length}. Pass an array with entries.");
        }

        if (replace)
        {
            if (p is null)
            {
                return new(Element.Source(new IntegerSource([count], seed, 0, Math.Max(1, length)), default(ChunkSpec).Resolve([count], DType.Int64)));
            }

            var sums = new double[p.Length];
            for (var i = 0; i < p.Length; i++)
            {
                sums[i] = p[i] + (i > 0 ? sums[i - 1] : 0);
            }

            // Of the last possible entry the sum is above every draw, whatever was lost in adding up.
            sums.AsSpan(Array.FindLastIndex(p, v => v > 0)).Fill(double.PositiveInfinity);
            return DaskArray.Random.Random(count, seed: seed).Digitize(sums);
        }

        if (count > (p?.Count(v => v > 0) ?? length))
        {
            throw new ArrayException($"{count} entries can't be drawn from {p?.Count(v => v > 0) ?? length} without replacement. Draw fewer, or pass replace: true.");
        }

        // The smallest of exponential waiting times, each at its entry's rate: that is drawing one after the other.
        var waits = DaskArray.Random.StandardExponential(length, seed: seed);
        return (p is null ? waits : waits / DaskArray.FromArray(p)).ArgTopK(-checked((int)count));
    }

    private static void CheckSum(double[] p, long length)
    {
        if (p.Length != length)
        {
            throw new ShapeException($"{p.Length} probabilities for {length} entries. Pass one for each.");
        }

        if (Array.Exists(p, v => !(v >= 0)) || Math.Abs(p.Sum() - 1) > 1e-8)
        {
            throw new ArrayException($"Probabilities must not be negative and add up to 1, but the smallest is {p.Min()} and the sum {p.Sum()}. Divide them by their sum.");
        }
    }
}
