using System.Runtime.CompilerServices;
using Orleans.Dask.Arrays;
using Orleans.Dask.RandomNumbers;

namespace Orleans.Dask;

/// <summary>Distributions whose parameters are arrays: element by element, parameters broadcast.</summary>
public sealed partial class RandomArrays
{
    /// <summary>Uniform in [low, high), element by element.</summary>
    [OverloadResolutionPriority(-1)]
    public DaskArray<double> Uniform(DaskArray<double> low, DaskArray<double> high, ulong? seed = null) => By(low, high, seed, static (ref r, a, b) => a + (r.NextDouble() * (b - a)));

    /// <summary>Normal, element by element.</summary>
    [OverloadResolutionPriority(-1)]
    public DaskArray<double> Normal(DaskArray<double> mean, DaskArray<double> deviation, ulong? seed = null) => By(mean, deviation, seed, static (ref r, a, b) => a + (b * r.NextNormal()));

    /// <summary>Gamma, element by element.</summary>
    [OverloadResolutionPriority(-1)]
    public DaskArray<double> Gamma(DaskArray<double> k, DaskArray<double> scale, ulong? seed = null) => By(k, scale, seed, Distributions.Gamma);

    /// <summary>Beta, element by element.</summary>
    [OverloadResolutionPriority(-1)]
    public DaskArray<double> Beta(DaskArray<double> a, DaskArray<double> b, ulong? seed = null) => By(a, b, seed, Distributions.Beta);

    /// <summary>Exponential, element by element.</summary>
    [OverloadResolutionPriority(-1)]
    public DaskArray<double> Exponential(DaskArray<double> scale, ulong? seed = null) => By(scale, (DaskArray<double>)0.0, seed, static (ref r, a, _) => Distributions.Exponential(ref r, a));

    /// <summary>Poisson, element by element.</summary>
    [OverloadResolutionPriority(-1)]
    public DaskArray<long> Poisson(DaskArray<double> mean, ulong? seed = null) => By(mean, (DaskArray<double>)0.0, seed, static (ref r, a, _) => Distributions.Poisson(ref r, a));

    /// <summary>Binomial, element by element.</summary>
    [OverloadResolutionPriority(-1)]
    public DaskArray<long> Binomial(DaskArray<long> trials, DaskArray<double> p, ulong? seed = null) => By(trials.AsType<double>(), p, seed, static (ref r, n, q) => Distributions.Binomial(ref r, (long)n, q));

    private delegate T Draws<out T>(ref ElementRandom random, double first, double second);

    private DaskArray<T> By<T>(DaskArray<double> first, DaskArray<double> second, ulong? seed, Draws<T> draw)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (inputs, chunks) = Element.Align(first.Recipe, second.Recipe);
        var place = Element.Constant(DType.Int64, 0L, chunks);
        long step = 1;
        for (var axis = chunks.Length - 1; axis >= 0; axis--)
        {
            place = Element.Call("add", place, Element.Call("multiply", DaskArray.Iota(axis, chunks), Element.Scalar(DType.Int64, step)));
            step *= Math.Max(1, inputs[0].Shape[axis]);
        }

        // The element's number goes beside its first parameter, as the real part of a pair.
        var pairs = new DaskArray<double>(inputs[0]).Map(new DaskArray<long>(place), static (a, i) => new System.Numerics.Complex(BitConverter.Int64BitsToDouble(i), a));
        return pairs.Map(new DaskArray<double>(inputs[1]), Drawing(seed: Seed(seed), draw));
    }

    /// <summary>In a method of its own: its closure travels, and holds these alone.</summary>
    private static Func<System.Numerics.Complex, double, T> Drawing<T>(ulong seed, Draws<T> draw) => (pair, second) =>
    {
        var random = new ElementRandom(seed, (ulong)BitConverter.DoubleToInt64Bits(pair.Real));
        return draw(ref random, pair.Imaginary, second);
    };
}
