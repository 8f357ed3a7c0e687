using Orleans.Dask.RandomNumbers;

namespace Orleans.Dask.ClientLib.Tests.RandomNumbers;

public class CounterRandomTests
{
    /// <summary>Known answers of Philox4x32-10 published with Random123.</summary>
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0xe169c58d6627e8d5UL, 0x9b00dbd8bc57ac4cUL)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x41c83b0e408f276dUL, 0x6d5451fda20bc7c6UL)]
    [InlineData(0x85a308d3243f6a88UL, 0x0370734413198a2eUL, 0x299f31d0a4093822UL, 0x94fdccebd16cfe09UL, 0x24126ea15001e420UL)]
    public void Philox_gives_the_published_answers(ulong low, ulong high, ulong key, ulong expectedLow, ulong expectedHigh) =>
        Assert.Equal((expectedLow, expectedHigh), Philox.Block(low, high, key));

    [Fact]
    public void Many_blocks_at_once_are_the_same_blocks()
    {
        var words = new ulong[94];
        Philox.Blocks(0xFFFF_FFF0, 77, words);
        for (var i = 0; i < words.Length / 2; i++)
        {
            Assert.Equal(Philox.Block(0xFFFF_FFF0 + (ulong)i, 0, 77), (words[2 * i], words[(2 * i) + 1]));
        }
    }

    [Fact]
    public void An_element_has_one_value_whatever_run_it_is_drawn_in()
    {
        var (uniform, normal) = (new double[3001], new double[3001]);
        CounterRandom.FillUniform(uniform, 5, 0);
        CounterRandom.FillNormal(normal, 5, 0);
        foreach (var (start, length) in new[] { (0, 1), (1, 1), (1, 2), (511, 3), (512, 1000), (777, 2000), (3000, 1) })
        {
            var part = new double[length];
            CounterRandom.FillUniform(part, 5, (ulong)start);
            Assert.Equal(uniform[start..(start + length)], part);
            CounterRandom.FillNormal(part, 5, (ulong)start);
            Assert.Equal(normal[start..(start + length)], part);
        }
    }

    [Theory]
    [InlineData("uniform", 0.5, 1.0 / 12)]
    [InlineData("normal", 3.0, 4.0)]
    [InlineData("exponential", 2.0, 4.0)]
    [InlineData("gamma", 6.0, 12.0)]
    [InlineData("small gamma", 0.5, 0.5)]
    [InlineData("beta", 0.4, 0.04)]
    [InlineData("poisson 3", 3.0, 3.0)]
    [InlineData("poisson 40", 40.0, 40.0)]
    [InlineData("binomial 20", 4.0, 3.2)]
    [InlineData("binomial 1000", 700.0, 210.0)]
    [InlineData("geometric", 4.0, 12.0)]
    [InlineData("below", 4.5, 8.25)]
    [InlineData("laplace", 1.0, 8.0)]
    [InlineData("triangular", 2.0, 2.0 / 3)]
    [InlineData("rayleigh", 2.5066, 1.7168)]
    public void A_distribution_has_its_mean_and_variance(string name, double mean, double variance)
    {
        const int Count = 200_000;
        var values = new double[Count];
        switch (name)
        {
            case "uniform": CounterRandom.FillUniform(values, 11, 0); break;
            case "normal": CounterRandom.FillNormal(values, 11, 0, 3, 2); break;
            case "exponential": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Exponential(ref r, 2)); break;
            case "gamma": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Gamma(ref r, 3, 2)); break;
            case "small gamma": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Gamma(ref r, 0.5, 1)); break;
            case "beta": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Beta(ref r, 2, 3)); break;
            case "poisson 3": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Poisson(ref r, 3)); break;
            case "poisson 40": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Poisson(ref r, 40)); break;
            case "binomial 20": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Binomial(ref r, 20, 0.2)); break;
            case "binomial 1000": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Binomial(ref r, 1000, 0.7)); break;
            case "geometric": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Geometric(ref r, 0.25)); break;
            case "below": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => r.NextBelow(10)); break;
            case "laplace": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Laplace(ref r, 1, 2)); break;
            case "triangular": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Triangular(ref r, 0, 2, 4)); break;
            case "rayleigh": CounterRandom.Fill(values, 11, 0, (ref ElementRandom r) => Distributions.Rayleigh(ref r, 2)); break;
            default: throw new ArgumentException($"'{name}' is not one of the distributions above.", nameof(name));
        }

        var seenMean = values.Average();
        var seenVariance = values.Sum(v => (v - seenMean) * (v - seenMean)) / Count;

        // Five standard errors: the seed is fixed, so this holds always or never.
        Assert.InRange(seenMean, mean - (5 * Math.Sqrt(variance / Count)), mean + (5 * Math.Sqrt(variance / Count)));
        Assert.InRange(seenVariance, variance * 0.95, variance * 1.05);
    }

    [Fact]
    public void Seeds_and_elements_are_independent()
    {
        var (a, b) = (new double[100_000], new double[100_000]);
        CounterRandom.FillUniform(a, 1, 0);
        CounterRandom.FillUniform(b, 2, 0);
        Assert.InRange(Correlation(a, b), -0.02, 0.02);
        Assert.InRange(Correlation(a.AsSpan(1), a.AsSpan(0, a.Length - 1)), -0.02, 0.02);
    }

    private static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += (x[i] - 0.5) * (y[i] - 0.5);
        }

        return sum / x.Length * 12;
    }
}
