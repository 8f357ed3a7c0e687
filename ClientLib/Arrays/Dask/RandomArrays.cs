using System.Diagnostics.CodeAnalysis;
using Orleans.Dask.Arrays;
using Orleans.Dask.RandomNumbers;

namespace Orleans.Dask;

/// <summary>
/// Random arrays. Numbers come from a counter (Philox): element i is the same for the same seed, whatever the chunks, the
/// scheduler, or what else was drawn. Without a seed each call draws its own.
/// </summary>
[SuppressMessage("Performance", "CA1822", Justification = "Called through DaskArray.Random, as dask.array.random is; static members could not be.")]
public sealed partial class RandomArrays
{
    private readonly ulong? _root;
    private long _calls;

    internal RandomArrays(ulong? root = null) => _root = root;

    /// <summary>A generator of its own: every call without a seed draws the next one from this seed, so that a program of several calls repeats itself. Dask's <c>default_rng(seed)</c>.</summary>
    public RandomArrays Generator(ulong seed) => new(seed);

    /// <summary>Uniform in [0, 1).</summary>
    public DaskArray<double> Random(Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Uniform(0, 1, shape, chunks, seed);

    /// <summary>Uniform in [low, high).</summary>
    public DaskArray<double> Uniform(double low, double high, Shape shape, ChunkSpec chunks = default, ulong? seed = null) =>
        Make(new UniformSource(shape.Checked(), Seed(seed), low, high), shape, chunks);

    /// <summary>Normal with mean 0 and deviation 1.</summary>
    public DaskArray<double> Normal(Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Normal(0, 1, shape, chunks, seed);

    /// <summary>Normal.</summary>
    public DaskArray<double> Normal(double mean, double deviation, Shape shape, ChunkSpec chunks = default, ulong? seed = null) =>
        Make(new NormalSource(shape.Checked(), Seed(seed), mean, NotNegative(deviation, nameof(deviation))), shape, chunks);

    /// <summary>Whole numbers from low up to, not including, high.</summary>
    public DaskArray<long> Integers(long low, long high, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => low < high
        ? new(Element.Source(new IntegerSource(shape.Checked(), Seed(seed), low, high), chunks.Resolve(shape.Checked(), DType.Int64)))
        : throw new ArrayException($"There is no whole number from {low} up to {high}. Pass a larger upper end.");

    /// <summary>Poisson: how often, at a mean of <paramref name="mean"/>.</summary>
    public DaskArray<long> Poisson(double mean, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Count("poisson", NotNegative(mean, nameof(mean)), 0, shape, chunks, seed);

    /// <summary>Binomial: successes of so many trials.</summary>
    public DaskArray<long> Binomial(long trials, double p, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Count("binomial", NotNegative(trials, nameof(trials)), Probability(p), shape, chunks, seed);

    /// <summary>Geometric: trials up to the first success.</summary>
    public DaskArray<long> Geometric(double p, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Count("geometric", Probability(p), 0, shape, chunks, seed);

    /// <summary>Exponential with mean <paramref name="scale"/>.</summary>
    public DaskArray<double> Exponential(double scale, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("exponential", NotNegative(scale, nameof(scale)), 0, 0, shape, chunks, seed);

    /// <summary>Gamma.</summary>
    public DaskArray<double> Gamma(double k, double scale, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("gamma", NotNegative(k, nameof(k)), NotNegative(scale, nameof(scale)), 0, shape, chunks, seed);

    /// <summary>Beta.</summary>
    public DaskArray<double> Beta(double a, double b, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("beta", NotNegative(a, nameof(a)), NotNegative(b, nameof(b)), 0, shape, chunks, seed);

    /// <summary>Chi-square of so many degrees of freedom.</summary>
    public DaskArray<double> ChiSquare(double degrees, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("chisquare", NotNegative(degrees, nameof(degrees)), 0, 0, shape, chunks, seed);

    /// <summary>Student's t of so many degrees of freedom.</summary>
    public DaskArray<double> StandardT(double degrees, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("standard_t", NotNegative(degrees, nameof(degrees)), 0, 0, shape, chunks, seed);

    /// <summary>Fisher's F.</summary>
    public DaskArray<double> F(double numerator, double denominator, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("f", NotNegative(numerator, nameof(numerator)), NotNegative(denominator, nameof(denominator)), 0, shape, chunks, seed);

    /// <summary>Exponential with mean 1.</summary>
    public DaskArray<double> StandardExponential(Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Exponential(1, shape, chunks, seed);

    /// <summary>Gamma with scale 1.</summary>
    public DaskArray<double> StandardGamma(double k, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Gamma(k, 1, shape, chunks, seed);

    /// <summary>Cauchy around 0 with scale 1.</summary>
    public DaskArray<double> StandardCauchy(Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("standard_cauchy", 0, 0, 0, shape, chunks, seed);

    /// <summary>In 0 to 1 with density a x^(a - 1).</summary>
    public DaskArray<double> Power(double a, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("power", a > 0 ? a : throw new ArrayException($"The exponent is {a}, but must be above 0."), 0, 0, shape, chunks, seed);

    /// <summary>Wald (inverse Gaussian).</summary>
    public DaskArray<double> Wald(double mean, double scale, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("wald", NotNegative(mean, nameof(mean)), NotNegative(scale, nameof(scale)), 0, shape, chunks, seed);

    /// <summary>Von Mises: angles around <paramref name="mu"/>, the closer the larger <paramref name="kappa"/>.</summary>
    public DaskArray<double> VonMises(double mu, double kappa, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("vonmises", mu, NotNegative(kappa, nameof(kappa)), 0, shape, chunks, seed);

    /// <summary>Failures before so many successes.</summary>
    public DaskArray<long> NegativeBinomial(double successes, double p, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Count("negative_binomial", NotNegative(successes, nameof(successes)), p > 0 ? Probability(p) : throw new ArrayException($"{p} is no probability of a success to wait for. Pass more than 0, to 1."), shape, chunks, seed);

    /// <summary>Laplace.</summary>
    public DaskArray<double> Laplace(double location, double scale, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("laplace", location, NotNegative(scale, nameof(scale)), 0, shape, chunks, seed);

    /// <summary>Logistic.</summary>
    public DaskArray<double> Logistic(double location, double scale, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("logistic", location, NotNegative(scale, nameof(scale)), 0, shape, chunks, seed);

    /// <summary>Gumbel.</summary>
    public DaskArray<double> Gumbel(double location, double scale, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("gumbel", location, NotNegative(scale, nameof(scale)), 0, shape, chunks, seed);

    /// <summary>e to the power of a normal number.</summary>
    public DaskArray<double> LogNormal(double mean, double deviation, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("lognormal", mean, NotNegative(deviation, nameof(deviation)), 0, shape, chunks, seed);

    /// <summary>Weibull with scale 1.</summary>
    public DaskArray<double> Weibull(double a, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("weibull", NotNegative(a, nameof(a)), 0, 0, shape, chunks, seed);

    /// <summary>Pareto (Lomax) from 0.</summary>
    public DaskArray<double> Pareto(double a, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("pareto", NotNegative(a, nameof(a)), 0, 0, shape, chunks, seed);

    /// <summary>Rayleigh.</summary>
    public DaskArray<double> Rayleigh(double scale, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => Draw("rayleigh", NotNegative(scale, nameof(scale)), 0, 0, shape, chunks, seed);

    /// <summary>Triangular with its peak at <paramref name="mode"/>.</summary>
    public DaskArray<double> Triangular(double left, double mode, double right, Shape shape, ChunkSpec chunks = default, ulong? seed = null) => left <= mode && mode <= right && left < right
        ? Draw("triangular", left, mode, right, shape, chunks, seed)
        : throw new ArrayException($"A triangle from {left} over {mode} to {right} is none. Pass left <= mode <= right, and left < right.");

    private DaskArray<double> Draw(string name, double a, double b, double c, Shape shape, ChunkSpec chunks, ulong? seed) =>
        Make(new DistributionSource(shape.Checked(), Seed(seed), name, a, b, c), shape, chunks);

    private DaskArray<long> Count(string name, double a, double b, Shape shape, ChunkSpec chunks, ulong? seed) =>
        new(Element.Source(new CountSource(shape.Checked(), Seed(seed), name, a, b), chunks.Resolve(shape.Checked(), DType.Int64)));

    private static DaskArray<double> Make(PositionSource source, Shape shape, ChunkSpec chunks) =>
        new(Element.Source(source, chunks.Resolve(shape.Checked(), DType.Float64)));

    private ulong Seed(ulong? seed) => seed ?? (_root is { } root ? Philox.Block((ulong)Interlocked.Increment(ref _calls), 0, root).Low : BitConverter.ToUInt64(Guid.NewGuid().ToByteArray()));

    private static double NotNegative(double value, string name) => value >= 0 ? value
        : throw new ArrayException($"{name} is {value}, but must not be negative.");

    private static double Probability(double p) => p is >= 0 and <= 1 ? p : throw new ArrayException($"{p} is no probability. Pass 0 to 1.");
}
