using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class RechunkTests
{
    private static long[] Even(long length, int chunks) =>
        [.. Enumerable.Range(0, chunks).Select(i => (length * (i + 1) / chunks) - (length * i / chunks))];

    private static long Blocks(long[][] chunks) => chunks.Aggregate(1L, (n, sizes) => n * sizes.Length);

    private static long Largest(long[][] chunks) => chunks.Aggregate(1L, (n, sizes) => n * sizes.Max());

    [Theory]
    [InlineData(8, 1)]
    [InlineData(200, 2)]
    [InlineData(10_000, 4)]
    public void Rows_become_columns_in_steps_of_few_pieces_a_block(int blocks, int steps)
    {
        long[][] from = [Even(1_000_000, blocks), [1_000_000]];
        long[][] to = [[1_000_000], Even(1_000_000, blocks)];
        var plan = RechunkPlan.Steps(from, to);
        Assert.Equal(steps, plan.Count);
        Assert.Same(to, plan[^1]);
        var before = from;
        foreach (var step in plan)
        {
            Assert.InRange(RechunkPlan.Pieces(before, step), 1, 16 * Math.Max(Blocks(before), Blocks(step)));
            Assert.InRange(Blocks(step), 1, 2 * blocks);
            Assert.InRange(Largest(step), 1, 2 * Math.Max(Largest(from), Largest(to)));
            before = step;
        }
    }

    [Fact]
    public void Whatever_the_chunks_a_plan_ends_and_each_step_has_the_whole_shape()
    {
        const int seed = 20261121;
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            var shape = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (long)random.Next(0, 400)).ToArray();
            var (from, to) = (Array.ConvertAll(shape, Cut), Array.ConvertAll(shape, Cut));
            var plan = RechunkPlan.Steps(from, to);
            Assert.True(plan.TrueForAll(step => Array.ConvertAll(step, sizes => sizes.Sum()).SequenceEqual(shape)), $"seed {seed}, case {i}");
            Assert.True(ReferenceEquals(plan[^1], to) && plan.TrueForAll(step => Array.TrueForAll(step, sizes => sizes.Length > 0)), $"seed {seed}, case {i}");
        }

        long[] Cut(long length)
        {
            var sizes = new List<long>();
            for (var most = random.Next(1, 60); length > 0;)
            {
                sizes.Add(Math.Min(length, random.Next(1, most + 1)));
                length -= sizes[^1];
            }

            return sizes.Count == 0 ? [0] : [.. sizes];
        }
    }

    [Fact]
    public async Task Values_arrive_by_way_of_the_steps()
    {
        const int n = 120;
        var numbers = NDArray.Range<long>(n * n).Reshape(n, n);
        var x = DaskArray.FromArray(numbers, (1, n)).Rechunk((n, 1));
        Assert.Equal(n, x.NPartitions);
        var flat = FlatGraph.Of(x.ToGraph(), x.Keys());
        Assert.True(flat.EdgeCount < n * n / 3, $"{flat.EdgeCount} edges between {n} rows and {n} columns.");
        Assert.Equal(numbers.ToArray(), (await x.ComputeAsync(new SynchronousScheduler())).ToArray());
    }
}
