namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class RandomArrayTests
{
    private static readonly SynchronousScheduler s_plain = new();

    private static readonly SynchronousScheduler s_scheduler = new();

    [Fact]
    public async Task The_same_seed_gives_the_same_numbers_whatever_the_chunks()
    {
        Func<ChunkSpec, DaskArray>[] draws =
        [
            c => DaskArray.Random.Random((37, 53), c, seed: 7),
            c => DaskArray.Random.Normal((37, 53), c, seed: 7),
            c => DaskArray.Random.Gamma(2, 3, (37, 53), c, seed: 7),
            c => DaskArray.Random.Poisson(4, (37, 53), c, seed: 7).AsType<double>(),
            c => DaskArray.Random.Integers(-3, 9, (37, 53), c, seed: 7).AsType<double>(),
        ];
        foreach (var draw in draws)
        {
            var whole = await ((DaskArray<double>)draw(-1)).ComputeAsync(s_scheduler);
            var cut = await ((DaskArray<double>)draw((5, 7))).ComputeAsync(s_scheduler);
            Assert.Equal(whole.ToArray(), cut.ToArray());
        }
    }

    [Fact]
    public async Task Normal_numbers_have_their_mean_and_deviation()
    {
        var x = DaskArray.Random.Normal(3, 2, (400, 500), chunks: (100, 100), seed: 11);
        Assert.Equal(3, await x.Mean().ComputeAsync(s_scheduler), 0.02);
        Assert.Equal(2, await x.Std().ComputeAsync(s_scheduler), 0.02);
    }

    [Fact]
    public async Task Different_seeds_and_no_seed_give_different_numbers()
    {
        var a = DaskArray.Random.Random(10);
        Assert.NotEqual(a.Name, DaskArray.Random.Random(10).Name);
        Assert.Equal(await a.Sum().ComputeAsync(s_scheduler), await a.Sum().ComputeAsync(s_scheduler));
        Assert.NotEqual(DaskArray.Random.Random(10, seed: 1).Name, DaskArray.Random.Random(10, seed: 2).Name);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    public async Task A_permutation_holds_every_entry_once_whatever_the_chunks(int chunk)
    {
        var order = await DaskArray.Random.Permutation(100, chunk, seed: 3).ComputeAsync(s_plain);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), order.ToArray().Order());
        Assert.NotEqual(Enumerable.Range(0, 100).Select(i => (long)i), order.ToArray());
        Assert.Equal((await DaskArray.Random.Permutation(100, seed: 3).ComputeAsync(s_plain)).ToArray(), order.ToArray());
        var rows = await DaskArray.Random.Permutation(DaskArray.Arange(100L, chunk).Reshape((50, 2)), seed: 4).ComputeAsync(s_plain);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => 2L * i), rows[.., 0].ToArray().Order());
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(rows[i, 0] + 1, rows[i, 1]));
    }

    [Fact]
    public async Task Choices_follow_their_probabilities()
    {
        var x = DaskArray.FromArray([10.0, 20, 30, 40], 3);
        var drawn = (await DaskArray.Random.Choice(x, (100, 100), (30, 100), seed: 1, p: [0.5, 0, 0.25, 0.25]).ComputeAsync(s_plain)).ToArray();
        Assert.Equal([5000.0, 2500, 2500], new[] { 10.0, 30, 40 }.Select(v => (double)drawn.Count(d => d == v)), (a, b) => Math.Abs(a - b) < 200);
        Assert.DoesNotContain(20.0, drawn);
        var few = (await DaskArray.Random.Choice(1000, 50, seed: 2, replace: false).ComputeAsync(s_plain)).ToArray();
        Assert.Equal(50, few.Distinct().Count());
        var three = (await DaskArray.Random.Choice(x, 3, seed: 2, replace: false, p: [0.5, 0, 0.25, 0.25]).ComputeAsync(s_plain)).ToArray();
        Assert.Equal([10.0, 30, 40], three.Order());
        Assert.Contains("without replacement", Assert.Throws<ArrayException>(() => DaskArray.Random.Choice(x, 5, replace: false)).Message, StringComparison.Ordinal);
        Assert.Contains("add up to 1", Assert.Throws<ArrayException>(() => DaskArray.Random.Choice(x, 2, p: [1, 1, 0, 0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_may_be_arrays()
    {
        var means = DaskArray.FromArray([0.0, 100, 1000], 2).Reshape((3, 1)).BroadcastTo((3, 5000));
        foreach (var drawn in new[] { DaskArray.Random.Normal(means, DaskArray.Ones(5000, 777), seed: 1), DaskArray.Random.Poisson(means, seed: 2).AsType<double>(), DaskArray.Random.Exponential(means, seed: 3) })
        {
            var mean = (await drawn.Mean(axis: 1).ComputeAsync(s_plain)).ToArray();
            Assert.Equal([0.0, 100, 1000], mean, (a, b) => Math.Abs(a - b) < 0.05 * (a + 1));
            Assert.Equal((await drawn.ComputeAsync(s_plain)).ToArray(), (await drawn.Rechunk((2, 999)).ComputeAsync(s_plain)).ToArray());
        }
    }

    [Fact]
    public async Task Moments_are_those_of_the_distributions()
    {
        const int n = 40_000;
        foreach (var (drawn, mean, variance) in new[]
        {
            (DaskArray.Random.Power(2, n, seed: 1), 2.0 / 3, 1.0 / 18), (DaskArray.Random.Wald(2, 3, n, seed: 2), 2, 8.0 / 3),
            (DaskArray.Random.StandardGamma(3, n, seed: 3), 3, 3), (DaskArray.Random.StandardExponential(n, seed: 4), 1, 1),
            (DaskArray.Random.NegativeBinomial(4, 0.5, n, seed: 5).AsType<double>(), 4, 8), (DaskArray.Random.VonMises(0, 0, n, seed: 6), 0, Math.PI * Math.PI / 3),
            (DaskArray.Random.VonMises(1, 50, n, seed: 7), 1, 1.0 / 49.5),
        })
        {
            Assert.Equal(mean, await drawn.Mean().ComputeAsync(s_plain), 0.05 * (1 + mean));
            Assert.Equal(variance, await drawn.Var().ComputeAsync(s_plain), 0.1 * (variance + 0.01));
        }

        Assert.Equal(0, (await DaskArray.Random.StandardCauchy(n, seed: 8).Median().ComputeAsync(s_plain)).ToScalar(), 0.05);
        var counts = await DaskArray.Random.Multinomial(10, [0.2, 0.3, 0.5], 5000, 512, seed: 9).ComputeAsync(s_plain);
        Assert.All(Enumerable.Range(0, 5000), i => Assert.Equal(10, counts[i, 0] + counts[i, 1] + counts[i, 2]));
        Assert.Equal(3.0, await DaskArray.FromArray(counts, (100, 3))[.., 1].Mean().ComputeAsync(s_plain), 0.1);
    }

    [Fact]
    public async Task A_generator_repeats_its_program()
    {
        static async Task<double[]> Program(RandomArrays random) => [.. (await random.Normal(5).ComputeAsync(s_plain)).ToArray(), .. (await random.Uniform(0, 1, 5).ComputeAsync(s_plain)).ToArray()];
        var first = await Program(DaskArray.Random.Generator(7));
        Assert.Equal(first, await Program(DaskArray.Random.Generator(7)));
        Assert.NotEqual(first, await Program(DaskArray.Random.Generator(8)));
        Assert.Equal(10, first.Distinct().Count());
    }
}
