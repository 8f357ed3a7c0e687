namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class RandomArrayTests
{
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
}
