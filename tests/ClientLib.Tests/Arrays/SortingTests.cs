using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>Sorting, selection and distinct values across chunks, against the plain loop; the bytes that a block may have are set low so that small arrays take the long road.</summary>
public class SortingTests
{
    private static readonly SynchronousScheduler s_scheduler = new();

    /// <summary>Shape, chunk lengths, axis, least bytes of a block: one block, whole lines in other blocks, lines across blocks.</summary>
    public static TheoryData<long[], long[][], int, long> Cuts => new()
    {
        { [100], [[100]], 0, 1 },
        { [100], [[7, 30, 0, 13, 50]], 0, 1 },
        { [997], [[.. Enumerable.Repeat(100L, 9), 97]], 0, 1 },
        { [997], [[.. Enumerable.Repeat(1L, 997)]], 0, 64 },
        { [997], [[.. Enumerable.Repeat(100L, 9), 97]], 0, 1 << 20 },
        { [30, 40], [[10, 20], [15, 25]], 0, 1 },
        { [30, 40], [[10, 20], [15, 25]], 1, 1 },
        { [3, 200], [[1, 2], [.. Enumerable.Repeat(10L, 20)]], 1, 1 },
        { [200, 3], [[.. Enumerable.Repeat(10L, 20)], [3]], 0, 1 },
        { [2, 300, 2], [[2], [.. Enumerable.Repeat(20L, 15)], [1, 1]], 1, 1 },
        { [4, 5, 6], [[2, 2], [3, 2], [5, 1]], 2, 1 },
        { [0, 3], [[0], [2, 1]], 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Sorted_is_what_the_loop_sorts(long[] shape, long[][] chunks, int axis, long least)
    {
        await Check(Numbers(shape, r => r.Next(0, 20) is 0 ? double.NaN : r.Next(-30, 30) / 4.0), chunks, axis, least);
        await Check(Numbers(shape, r => (float)r.NextDouble()), chunks, axis, least);
        await Check(Numbers(shape, r => (byte)r.Next(0, 5)), chunks, axis, least);
        await Check(Numbers(shape, r => r.NextInt64()), chunks, axis, least);
        await Check(Numbers(shape, r => r.Next(2) == 1), chunks, axis, least);
        await Check(Numbers(shape, r => new Complex(r.Next(3), r.Next(9) is 0 ? double.NaN : r.Next(3))), chunks, axis, least);
        await Check(Numbers(shape, _ => 7), chunks, axis, least);
    }

    private static async Task Check<T>(NDArray<T> values, long[][] chunks, int axis, long least)
        where T : unmanaged
    {
        var x = DaskArray.FromArray(values, chunks);
        var sorted = DaskArray.Create<T>(SortLayers.Lower<T>(x.Recipe, axis, positions: false, least));
        var order = DaskArray.Create<long>(SortLayers.Lower<T>(x.Recipe, axis, positions: true, least));
        Assert.Equal(x.Chunks, sorted.Chunks);
        Assert.Equal(x.Chunks, order.Chunks);
        var expected = Lines(values, axis, line =>
        {
            var places = Enumerable.Range(0, line.Length).Order(Comparer<int>.Create((a, b) => NumpyOrder.Compare(line[a], line[b]) is not 0 and var c ? c : a.CompareTo(b))).ToArray();
            return (places.Select(p => line[p]).ToArray(), places.Select(p => (long)p).ToArray());
        });
        Assert.Equal(expected.Positions, (await order.ComputeAsync(s_scheduler)).ToArray());
        var got = await sorted.ComputeAsync(s_scheduler);
        Assert.Equal(values.Shape.ToArray(), got.Shape.ToArray());
        Assert.All(expected.Values.Zip(got.ToArray()), p => Assert.Equal(0, NumpyOrder.Compare(p.First, p.Second)));
    }

    private static (T[] Values, long[] Positions) Lines<T>(NDArray<T> array, int axis, Func<T[], (T[] Values, long[] Positions)> sort)
        where T : unmanaged
    {
        int[] order = [.. Enumerable.Range(0, array.Rank).Where(a => a != axis), axis];
        int[] back = [.. order.Select((_, a) => Array.IndexOf(order, a))];
        var lines = array.Transpose(order).Copy();
        var places = new long[lines.Size];
        var flat = lines.ToArray();
        var length = array.Shape[axis];
        for (var start = 0; start < flat.Length; start += length)
        {
            var (values, positions) = sort(flat[start..(start + length)]);
            values.CopyTo(flat, start);
            positions.CopyTo(places, start);
        }

        return (NDArray.From(flat, lines.Shape.ToArray()).Transpose(back).ToArray(), NDArray.From(places, lines.Shape.ToArray()).Transpose(back).ToArray());
    }

    private static NDArray<T> Numbers<T>(long[] shape, Func<Random, T> next)
        where T : unmanaged
    {
        var random = new Random(11);
        return NDArray.From(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => next(random)).ToArray(), [.. shape.Select(l => (int)l)]);
    }

    [Fact]
    public async Task Complex_numbers_sort_as_in_NumPy()
    {
        var nan = double.NaN;
        Complex[] values = [new(nan, 1), new(1, nan), new(2, 3), new(nan, nan), new(1, 2), new(nan, 0), new(1, 1)];
        var sorted = await DaskArray.FromArray(values, 3).Sort().ComputeAsync(s_scheduler);
        Assert.Equal([new(1, 1), new(1, 2), new(2, 3), new(1, nan), new(nan, 0), new(nan, 1), new(nan, nan)], sorted.ToArray());
    }

    [Fact]
    public async Task A_task_of_a_long_sort_holds_a_few_blocks_at_most()
    {
        const int blocks = 24, length = 4096;
        var x = DaskArray.Random.Uniform(0, 1, blocks * length, length, seed: 5);
        foreach (var sorted in new DaskArray[] { DaskArray.Create(SortLayers.Lower<double>(x.Recipe, 0, positions: false, 1)), DaskArray.Create(SortLayers.Lower<double>(x.Recipe, 0, positions: true, 1)) })
        {
            var graph = sorted.ToGraph();
            var values = await s_scheduler.ComputeAsync(graph, [.. graph.Layers.SelectMany(l => Enumerable.Range(0, l.Count).Select(i => new Orleans.Dask.Grains.Interfaces.TaskKey(l.Name, i)))], default);
            var sizes = graph.Layers.SelectMany(l => Enumerable.Range(0, l.Count).Select(i => new Orleans.Dask.Grains.Interfaces.TaskKey(l.Name, i))).Zip(values).ToDictionary(p => p.First, p => Bytes(p.Second));
            foreach (var layer in graph.Layers)
            {
                for (var i = 0; i < layer.Count; i++)
                {
                    var node = layer.Node(i);
                    var inputs = 0L;
                    foreach (var key in node.Dependencies)
                    {
                        inputs += sizes[key];
                    }

                    Assert.True(inputs + sizes[node.Key] <= 6 * length * sizeof(double), $"{node.Key} takes {inputs} bytes and gives {sizes[node.Key]}, a block has {length * sizeof(double)}");
                }
            }
        }
    }

    private static long Bytes(object? value) => value switch
    {
        NDArray array => array.NBytes,
        NDArray[] parts => parts.Sum(p => p.NBytes),
        long[] numbers => numbers.Length * sizeof(long),
        _ => 0,
    };

    public static TheoryData<long[], long[][], int[]> Places => new()
    {
        { [1000], [[.. Enumerable.Repeat(100L, 10)]], [0] },
        { [20, 50], [[5, 15], [20, 30]], [0, 1] },
        { [3, 400], [[1, 2], [.. Enumerable.Repeat(40L, 10)]], [1] },
        { [3, 40, 30], [[3], [10, 30], [.. Enumerable.Repeat(3L, 10)]], [1, 2] },
        { [6, 7], [[3, 3], [4, 3]], [0] },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Quantiles_across_blocks_are_those_of_all_in_one(long[] shape, long[][] chunks, int[] axes)
    {
        double[] q = [0, 0.1, 0.25, 0.5, 0.333, 0.99, 1];
        foreach (var nan in new[] { 0, 1, 40 })
        {
            var values = Numbers(shape, r => r.Next(1000) < nan ? double.NaN : r.Next(-30, 30) / 4.0);
            foreach (var method in new[] { "linear", "lower", "higher", "nearest", "midpoint" })
            {
                foreach (var (skip, keep) in new[] { (true, false), (false, true) })
                {
                    var whole = QuantileLayers.Lower(DaskArray.FromArray(values, -1).Recipe, q, axes, keep, method, skip);
                    var cut = QuantileLayers.Lower(DaskArray.FromArray(values, chunks).Recipe, q, axes, keep, method, skip, leastBytes: 1);
                    Assert.Equal(whole.Shape, cut.Shape);
                    Assert.Equal((await DaskArray.Create<double>(whole).ComputeAsync(s_scheduler)).ToArray(), (await DaskArray.Create<double>(cut).ComputeAsync(s_scheduler)).ToArray());
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(1, 100_000)]
    [InlineData(1 << 20, 50)]
    public async Task Distinct_values_across_blocks_are_those_of_the_loop(long least, int most)
    {
        var values = Numbers([3000], r => r.Next(100) is 0 ? double.NaN : r.Next(most) / 2.0).ToArray();
        var unique = UniqueLayers.Lower<double>(DaskArray.FromArray(values, 100).Recipe, least);
        var found = await DaskArray.Create<double>(unique.Values).ComputeAsync(s_scheduler);
        var expected = values.Distinct().Order(Comparer<double>.Create(NumpyOrder.Compare)).ToArray();
        Assert.Equal(expected, found.ToArray());
        Assert.Equal(expected.Select(v => (long)Array.FindIndex(values, w => w.Equals(v))), (await DaskArray.Create<long>(unique.Index).ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal(expected.Select(v => (long)values.Count(w => w.Equals(v))), (await DaskArray.Create<long>(unique.Counts).ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal(values, (await DaskArray.Create<long>(unique.Inverse).ComputeAsync(s_scheduler)).ToArray().Select(i => expected[i]));
        Assert.Equal(least == 1, unique.Values.Grid.Count > 1);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task The_largest_are_found_by_blocks(long[] shape, long[][] chunks, int axis, long least)
    {
        _ = least;
        if (shape[axis] == 0 || shape.Contains(0))
        {
            return;
        }

        var values = Numbers(shape, r => r.Next(30) / 2.0);
        var x = DaskArray.FromArray(values, chunks);
        foreach (var k in new[] { 1, 3, -2, 10_000 })
        {
            var count = (int)Math.Min(Math.Abs(k), shape[axis]);
            int[] Places(double[] line) => [.. (k > 0 ? Enumerable.Range(0, line.Length).OrderByDescending(i => line[i]) : Enumerable.Range(0, line.Length).OrderBy(i => line[i])).Take(count)];
            var order = x.ArgTopK(k, axis);
            var best = x.TopK(k, axis);
            Assert.Equal(count, order.Shape[axis]);
            int[] last = [.. Enumerable.Range(0, values.Rank).Where(a => a != axis), axis];
            var lines = values.Transpose(last).ToArray().Chunk((int)shape[axis]).ToArray();
            Assert.Equal(lines.SelectMany(l => Places(l).Select(p => (long)p)), (await order.ComputeAsync(s_scheduler)).Transpose(last).ToArray());
            Assert.Equal(lines.SelectMany(l => Places(l).Select(p => l[p])), (await best.ComputeAsync(s_scheduler)).Transpose(last).ToArray());
        }
    }

    [Fact]
    public async Task Threads_that_lend_memory_answer_as_the_oracle_does()
    {
        // Blocks large enough that their memory is lent and used again.
        var x = DaskArray.Random.Uniform(0, 100, 160_000, 20_000, seed: 6);
        var matrix = DaskArray.Random.Normal((360, 360), (120, 120), seed: 7);
        var unique = UniqueLayers.Lower<double>((x * 100.0).Floor().Recipe, leastBytes: 1);
        DaskArray[] all =
        [
            .. ((Recipe[])
            [
                SortLayers.Lower<double>(x.Recipe, 0, positions: false, leastBytes: 1), SortLayers.Lower<double>(x.Recipe, 0, positions: true, leastBytes: 1),
                QuantileLayers.Lower(x.Recipe, [0.01, 0.5, 0.99], [0], false, "linear", false, leastBytes: 1), unique.Values, unique.Inverse,
                .. TiledAlgebra.Lu<double>(matrix.Recipe, 1), TiledAlgebra.Inverse<double>(matrix.Recipe, 1), TileQr.Lower<double>(matrix.Recipe, 1).Q,
            ]).Select(DaskArray.Create),
            x[DaskArray.Random.Permutation(160_000, 20_000, seed: 8)], x.TopK(1000), matrix.Sort(0), matrix.SlidingWindowView([2], axis: 0).Sum(axis: -1),
        ];
        foreach (var array in all)
        {
            var (graph, keys) = (array.ToGraph(), array.Keys());
            var expected = await s_scheduler.ComputeAsync(graph, keys, default);
            for (var again = 0; again < 2; again++)
            {
                var found = await new ThreadsScheduler(3).ComputeAsync(graph, keys, default);
                Assert.All(expected.Zip(found), p => Assert.Equal(ArrayToken.OfData((NDArray)p.First!), ArrayToken.OfData((NDArray)p.Second!)));
            }
        }
    }
}
