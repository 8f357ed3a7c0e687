namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class DaskArrayTests
{
    private static readonly SynchronousScheduler s_scheduler = new();

    public static TheoryData<int, int> Chunkings => new() { { 1, 1 }, { 2, 3 }, { 5, 5 }, { 7, 2 }, { 100, 100 } };

    private static NDArray<double> Numbers(int rows, int columns, int seed = 3)
    {
        var random = new Random(seed);
        return NDArray.From(Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble()).ToArray(), rows, columns);
    }

    [Theory]
    [MemberData(nameof(Chunkings))]
    public async Task Centred_symmetric_part_has_the_deviation_of_the_plain_loop(int rows, int columns)
    {
        const int n = 13;
        var numbers = Numbers(n, n);
        var x = DaskArray.FromArray(numbers, (rows, columns));
        double std = await (x + x.T - x.Mean(axis: 0)).Std().ComputeAsync(s_scheduler);

        var values = new List<double>();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                values.Add(numbers[i, j] + numbers[j, i] - Enumerable.Range(0, n).Average(k => numbers[k, j]));
            }
        }

        var mean = values.Average();
        Assert.Equal(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), std, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Chunkings))]
    public async Task Slices_with_any_step_take_what_the_loop_takes(int rows, int columns)
    {
        var numbers = Numbers(13, 17);
        var x = DaskArray.FromArray(numbers, (rows, columns));
        var y = await x[new Slice(11, 1, -3), new Slice(2, null, 4)].ComputeAsync(s_scheduler);
        Assert.Equal([4, 4], y.Shape.ToArray());
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                Assert.Equal(numbers[11 - (3 * i), 2 + (4 * j)], y[i, j]);
            }
        }

        int[] list = [12, 0, 5, 5, 1];
        var z = await x[list].ComputeAsync(s_scheduler);
        Assert.Equal(Enumerable.Range(0, 5 * 17).Select(k => numbers[list[k / 17], k % 17]), z.ToArray());
    }

    [Theory]
    [MemberData(nameof(Chunkings))]
    public async Task Rechunking_keeps_the_values_and_has_the_chunks_asked_for(int rows, int columns)
    {
        var numbers = Numbers(13, 17);
        var x = (DaskArray.FromArray(numbers, (4, 6)) * 2.0).Rechunk((rows, columns));
        Assert.Equal((13 + rows - 1) / rows * ((17 + columns - 1) / columns), x.NPartitions);
        Assert.Equal(numbers.ToArray().Select(v => v * 2), (await x.ComputeAsync(s_scheduler)).ToArray());
    }

    [Fact]
    public async Task Arrays_of_different_chunks_meet()
    {
        var x = DaskArray.FromArray(Numbers(10, 6, 1), (3, 6));
        var y = DaskArray.FromArray(Numbers(10, 6, 2), (10, 4));
        var z = await ((x + y) / 2.0 - 1.0 < 0.0).ComputeAsync(s_scheduler);
        Assert.All(z.ToArray(), Assert.True);
    }

    [Fact]
    public void A_chain_is_one_task_a_chunk_whatever_its_length()
    {
        var x = DaskArray.FromArray(Numbers(8, 8), (2, 2));
        var y = -(x * x) + 1.0 - (x / 3.0);
        Assert.Equal(32, y.ToGraph().Count);
        Assert.Equal(y.Name, (-(x * x) + 1.0 - (x / 3.0)).Name);
        Assert.NotEqual(y.Name, (-(x * x) + 1.0 - (x / 4.0)).Name);
    }

    [Fact]
    public void Wrong_shapes_axes_and_chunks_are_errors_at_the_call()
    {
        var x = DaskArray.FromArray(Numbers(4, 6), (2, 2));
        var y = DaskArray.FromArray(Numbers(4, 5), (2, 2));
        Assert.Contains("(4, 6) and (4, 5)", Assert.Throws<ShapeException>(() => x + y).Message, StringComparison.Ordinal);
        Assert.Contains("no axis 2", Assert.Throws<AxisException>(() => x.Sum(axis: 2)).Message, StringComparison.Ordinal);
        Assert.Contains("outside axis 0", Assert.Throws<ArrayIndexException>(() => x[4]).Message, StringComparison.Ordinal);
        var error = Assert.Throws<ChunkException>(() => x.Rechunk(new long[][] { [2, 3], [6] }));
        Assert.Equal("Axis 0 has length 4, but its chunks (2, 3) add up to 5. Pass sizes that add up to 4, or a single size such as 1.", error.Message);
    }

    [Fact]
    public async Task Creation_puts_each_value_at_its_place_whatever_the_chunks()
    {
        var range = await DaskArray.Arange(3, 10, 2, chunks: 3).ComputeAsync(s_scheduler);
        Assert.Equal([3, 5, 7, 9], range.ToArray());
        var line = await DaskArray.Linspace(0, 1, 5, chunks: 2).ComputeAsync(s_scheduler);
        Assert.Equal([0.0, 0.25, 0.5, 0.75, 1], line.ToArray());
        var table = await DaskArray.FromFunction((i, j) => (10 * i) + j, (5, 7), chunks: (2, 3)).ComputeAsync(s_scheduler);
        Assert.Equal(Enumerable.Range(0, 35).Select(k => (10L * (k / 7)) + (k % 7)), table.ToArray());
        Assert.Equal(6.0, await DaskArray.Ones((2, 3), chunks: 1).Sum().ComputeAsync(s_scheduler));
    }
}
