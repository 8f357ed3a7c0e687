using System.Numerics.Tensors;

namespace Orleans.Dask.RandomNumbers;

/// <summary>
/// Fills runs of elements: element i of an array gets the same number whichever chunk it lies in and whoever draws it.
/// Elements 2j and 2j + 1 share block j.
/// </summary>
internal static class CounterRandom
{
    private const int TileBlocks = 256;

    /// <summary>Uniform in [0, 1) for elements <paramref name="first"/>, first + 1, …</summary>
    public static void FillUniform(Span<double> target, ulong seed, ulong first)
    {
        Span<ulong> words = stackalloc ulong[2 * TileBlocks];
        while (target.Length > 0)
        {
            var skip = (int)(first & 1);
            var count = Math.Min(target.Length, words.Length - skip);
            var drawn = words[..((skip + count + 1) & ~1)];
            Philox.Blocks(first >> 1, seed, drawn);
            for (var i = 0; i < count; i++)
            {
                target[i] = ElementRandom.ToUnit(drawn[skip + i]);
            }

            target = target[count..];
            first += (ulong)count;
        }
    }

    /// <summary>Normal by Box and Muller: block j gives the pair (r cos φ, r sin φ) to elements 2j and 2j + 1.</summary>
    /// <remarks>
    /// Always whole groups of eight blocks, from a multiple of eight: the vector functions then take the same path for
    /// an element in every run, so that its last bit does not depend on how an array is chunked.
    /// </remarks>
    public static void FillNormal(Span<double> target, ulong seed, ulong first, double mean = 0, double deviation = 1)
    {
        const int Group = 16;
        Span<ulong> words = stackalloc ulong[2 * TileBlocks];
        Span<double> radius = stackalloc double[TileBlocks];
        Span<double> angle = stackalloc double[TileBlocks];
        Span<double> cosine = stackalloc double[TileBlocks];
        while (target.Length > 0)
        {
            var skip = (int)(first % Group);
            var count = Math.Min(target.Length, words.Length - skip);
            var blocks = (skip + count + Group - 1) / Group * (Group / 2);
            var r = radius[..blocks];
            var phi = angle[..blocks];
            var cos = cosine[..blocks];
            Philox.Blocks((first - (ulong)skip) / 2, seed, words[..(2 * blocks)]);
            for (var j = 0; j < blocks; j++)
            {
                r[j] = ElementRandom.ToPositive(words[2 * j]);
                phi[j] = ElementRandom.ToUnit(words[(2 * j) + 1]) * (2 * Math.PI);
            }

            TensorPrimitives.Log(r, r);
            TensorPrimitives.Multiply(r, -2.0, r);
            TensorPrimitives.Sqrt(r, r);
            TensorPrimitives.Multiply(r, deviation, r);
            TensorPrimitives.SinCos(phi, phi, cos);
            for (var i = 0; i < count; i++)
            {
                var at = skip + i;
                target[i] = mean + (r[at >> 1] * ((at & 1) == 0 ? cos[at >> 1] : phi[at >> 1]));
            }

            target = target[count..];
            first += (ulong)count;
        }
    }

    /// <summary>Any other distribution, one element at a time.</summary>
    public static void Fill<T>(Span<T> target, ulong seed, ulong first, Draw<T> draw)
    {
        for (var i = 0; i < target.Length; i++)
        {
            var random = new ElementRandom(seed, first + (ulong)i);
            target[i] = draw(ref random);
        }
    }
}

/// <summary>Draws one value of a distribution from an element's own numbers.</summary>
internal delegate T Draw<out T>(ref ElementRandom random);
