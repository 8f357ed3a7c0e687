using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.RandomNumbers;

namespace Orleans.Dask.Arrays;

/// <summary>Random numbers by position: element i of the array, counted row by row, is number i of the seed, however it is chunked.</summary>
internal abstract unsafe class RandomSource<T>(long[] shape, ulong seed, string name, double[] parameters) : PositionSource
    where T : unmanaged
{
    public override DType Type => DTypes.Of<T>();

    public override string Token => ArrayToken.Of("random", name, parameters, seed, shape);

    public override void Fill(byte* output, ReadOnlySpan<long> position, int count)
    {
        ulong first = 0;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            first = (first * (ulong)shape[axis]) + (ulong)position[axis];
        }

        Fill(new Span<T>(output, count), seed, first);
    }

    protected abstract void Fill(Span<T> target, ulong seed, ulong first);
}

internal sealed class UniformSource(long[] shape, ulong seed, double low, double high) : RandomSource<double>(shape, seed, "uniform", [low, high])
{
    protected override void Fill(Span<double> target, ulong seed, ulong first)
    {
        CounterRandom.FillUniform(target, seed, first);
        if (low != 0 || high != 1)
        {
            foreach (ref var value in target)
            {
                value = low + (value * (high - low));
            }
        }
    }
}

internal sealed class NormalSource(long[] shape, ulong seed, double mean, double deviation) : RandomSource<double>(shape, seed, "normal", [mean, deviation])
{
    protected override void Fill(Span<double> target, ulong seed, ulong first) => CounterRandom.FillNormal(target, seed, first, mean, deviation);
}

/// <summary>Any other distribution, by name.</summary>
internal sealed class DistributionSource(long[] shape, ulong seed, string name, double a, double b, double c) : RandomSource<double>(shape, seed, name, [a, b, c])
{
    private readonly string _name = name;

    [PayloadIgnore]
    private Draw<double>? _draw;

    protected override void Fill(Span<double> target, ulong seed, ulong first) => CounterRandom.Fill(target, seed, first, _draw ??= Choose());

    private Draw<double> Choose() => _name switch
    {
        "exponential" => (ref ElementRandom r) => Distributions.Exponential(ref r, a),
        "laplace" => (ref ElementRandom r) => Distributions.Laplace(ref r, a, b),
        "logistic" => (ref ElementRandom r) => Distributions.Logistic(ref r, a, b),
        "gumbel" => (ref ElementRandom r) => Distributions.Gumbel(ref r, a, b),
        "weibull" => (ref ElementRandom r) => Distributions.Weibull(ref r, a),
        "pareto" => (ref ElementRandom r) => Distributions.Pareto(ref r, a),
        "rayleigh" => (ref ElementRandom r) => Distributions.Rayleigh(ref r, a),
        "triangular" => (ref ElementRandom r) => Distributions.Triangular(ref r, a, b, c),
        "gamma" => (ref ElementRandom r) => Distributions.Gamma(ref r, a, b),
        "chisquare" => (ref ElementRandom r) => Distributions.ChiSquare(ref r, a),
        "standard_t" => (ref ElementRandom r) => Distributions.StudentT(ref r, a),
        "f" => (ref ElementRandom r) => Distributions.F(ref r, a, b),
        "standard_cauchy" => (ref ElementRandom r) => Math.Tan(Math.PI * (r.NextDouble() - 0.5)),
        "power" => (ref ElementRandom r) => Math.Pow(r.NextPositive(), 1 / a),
        "wald" => (ref ElementRandom r) => Distributions.Wald(ref r, a, b),
        "vonmises" => (ref ElementRandom r) => Distributions.VonMises(ref r, a, b),
        "lognormal" => (ref ElementRandom r) => Math.Exp(a + (b * r.NextNormal())),
        _ => (ref ElementRandom r) => Distributions.Beta(ref r, a, b),
    };
}

/// <summary>Whole numbers, by name.</summary>
internal sealed class CountSource(long[] shape, ulong seed, string name, double a, double b) : RandomSource<long>(shape, seed, name, [a, b])
{
    private readonly string _name = name;

    [PayloadIgnore]
    private Draw<long>? _draw;

    protected override void Fill(Span<long> target, ulong seed, ulong first) => CounterRandom.Fill(target, seed, first, _draw ??= Choose());

    private Draw<long> Choose() => _name switch
    {
        "poisson" => (ref ElementRandom r) => Distributions.Poisson(ref r, a),
        "negative_binomial" => (ref ElementRandom r) => b >= 1 ? 0 : Distributions.Poisson(ref r, Distributions.Gamma(ref r, a, (1 - b) / b)),
        "binomial" => (ref ElementRandom r) => Distributions.Binomial(ref r, (long)a, b),
        _ => (ref ElementRandom r) => Distributions.Geometric(ref r, a),
    };
}

internal sealed class IntegerSource(long[] shape, ulong seed, long low, long high) : RandomSource<long>(shape, seed, "integers", [low, high])
{
    protected override void Fill(Span<long> target, ulong seed, ulong first) =>
        CounterRandom.Fill(target, seed, first, (ref ElementRandom r) => low + (long)r.NextBelow((ulong)(high - low)));
}

/// <summary>Multinomial: along the last axis, how many of the trials fall to each of the probabilities. A row is drawn as one, so its sum is the number of trials.</summary>
internal sealed class MultinomialSource(long[] shape, ulong seed, long trials, double[] probabilities) : RandomSource<long>(shape, seed, "multinomial", [trials, .. probabilities])
{
    protected override void Fill(Span<long> target, ulong seed, ulong first)
    {
        var width = (ulong)probabilities.Length;
        var row = new long[probabilities.Length];
        for (var i = 0; i < target.Length; i++)
        {
            var column = (int)((first + (ulong)i) % width);
            if (i == 0 || column == 0)
            {
                var random = new ElementRandom(seed, (first + (ulong)i) / width);
                var (left, rest) = (trials, 1.0);
                for (var k = 0; k < row.Length; k++)
                {
                    row[k] = k == row.Length - 1 ? left : left == 0 || rest <= 0 ? 0 : Distributions.Binomial(ref random, left, Math.Clamp(probabilities[k] / rest, 0, 1));
                    left -= row[k];
                    rest -= probabilities[k];
                }
            }

            target[i] = row[column];
        }
    }
}
