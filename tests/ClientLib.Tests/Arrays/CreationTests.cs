namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>Arrays after others, by blocks, from lazy values and back; windows, overlaps and choices.</summary>
public class CreationTests
{
    private static readonly SynchronousScheduler s_scheduler = new();

    private static DaskArray<double> Grid(ChunkSpec chunks) => DaskArray.FromFunction((i, j) => (10.0 * i) + j, (6, 7), chunks);

    private static void Same<T>(T[] expected, NDArray<T> found)
        where T : unmanaged => Assert.Equal(expected, found.ToArray());

    [Fact]
    public async Task Likes_have_the_shape_and_chunks_of_their_model()
    {
        var x = Grid((4, 3));
        foreach (var (like, value) in new[] { (DaskArray.ZerosLike(x), 0.0), (DaskArray.OnesLike(x), 1), (DaskArray.EmptyLike(x), 0), (DaskArray.FullLike(x, 7.5), 7.5) })
        {
            Assert.Equal(x.Chunks, like.Chunks);
            Assert.All((await like.ComputeAsync(s_scheduler)).ToArray(), v => Assert.Equal(value, v));
        }

        Assert.Equal([4L, 3], x.ChunkSize);
        Assert.Equal(8, x.ItemSize);
        Assert.Equal(0.25, DaskArray.LinspaceStep(0, 1, 5).Step);
    }

    [Fact]
    public async Task Blocks_go_to_lazy_values_and_come_from_them()
    {
        var x = Grid((4, 3));
        var parts = x.ToDelayed();
        Assert.Equal(6, parts.Count);
        var last = await parts[5].ComputeAsync(s_scheduler);
        Assert.Equal([46.0, 56], last.ToArray());
        var doubled = Delayed.Call(b => NDArray.From(b.ToArray().Select(v => v * 2).ToArray(), b.Shape.ToArray()), parts[5]);
        var back = DaskArray.FromDelayed(doubled, (2, 1));
        Assert.Equal(204.0, await back.Sum().ComputeAsync(s_scheduler));
        var wrong = await Assert.ThrowsAsync<Orleans.Dask.Grains.Interfaces.TaskFailedException>(() => DaskArray.FromDelayed(parts[5], (1, 2)).ComputeAsync(s_scheduler));
        Assert.Contains("shape (2, 1), expected float64 with shape (1, 2)", wrong.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_are_read_one_by_one_and_stored_one_by_one()
    {
        var x = DaskArray.FromBlocks((origin, shape) => NDArray.From(Enumerable.Range(0, shape[0] * shape[1]).Select(k => (10.0 * (origin[0] + (k / shape[1]))) + origin[1] + (k % shape[1])).ToArray(), shape), (6, 7), (4, 3));
        Assert.Equal((await Grid(-1).ComputeAsync(s_scheduler)).ToArray(), (await x.ComputeAsync(s_scheduler)).ToArray());
        var target = new double[6, 7];
        await x.StoreAsync((origin, block) =>
        {
            for (var i = 0; i < block.Shape[0]; i++)
            {
                for (var j = 0; j < block.Shape[1]; j++)
                {
                    target[origin[0] + i, origin[1] + j] = block[i, j];
                }
            }
        }, scheduler: new ThreadsScheduler(2));
        Assert.Equal((await x.ComputeAsync(s_scheduler)).ToArray(), target.Cast<double>());
    }

    [Fact]
    public async Task Bytes_are_read_as_another_type()
    {
        var x = DaskArray.Arange(0, 12, 1, 4);
        Same([.. Enumerable.Range(0, 12).Select(i => (uint)i)], await x.View<uint>().ComputeAsync(s_scheduler));
        var pairs = await x.View<long>().ComputeAsync(s_scheduler);
        Assert.Equal([.. Enumerable.Range(0, 6).Select(i => (2L * i) + (((2L * i) + 1) << 32))], pairs.ToArray());
        Assert.Equal(48, (await x.View<byte>().ComputeAsync(s_scheduler)).Size);
        Assert.Contains("multiple of 2", Assert.Throws<ShapeException>(() => DaskArray.Arange(0, 12, 1, 3).View<long>()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(6, 7)]
    public async Task Windows_hold_what_the_loop_takes(int rows, int columns)
    {
        var x = Grid((rows, columns));
        var windows = await x.SlidingWindowView([3, 2]).ComputeAsync(s_scheduler);
        Assert.Equal([4, 6, 3, 2], windows.Shape.ToArray());
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 6; j++)
            {
                Assert.Equal(Enumerable.Range(0, 6).Select(k => (10.0 * (i + (k / 2))) + j + (k % 2)), windows[i, j, .., ..].ToArray());
            }
        }

        var lines = await x.SlidingWindowView([7], axis: -1).Mean(axis: -1).ComputeAsync(s_scheduler);
        Assert.Equal([3.0, 13, 23, 33, 43, 53], lines.ToArray());
        Assert.Contains("Pass 1 to 7", Assert.Throws<ArrayException>(() => x.SlidingWindowView([8], axis: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_overlap_adds_trimming_takes_away()
    {
        var x = Grid((3, 4));
        foreach (var boundary in new Boundary[] { Boundary.None, Boundary.Reflect, Boundary.Periodic, Boundary.Nearest, 0.0 })
        {
            var wide = x.Overlap([1, 2], [boundary, Boundary.None]);
            var back = wide.TrimOverlap([1, 2], [boundary, Boundary.None]);
            Assert.Equal(x.Chunks, back.Chunks);
            Assert.Equal((await x.ComputeAsync(s_scheduler)).ToArray(), (await back.ComputeAsync(s_scheduler)).ToArray());
        }

        Assert.Equal([6L, 5], x.Overlap([0, 2], [Boundary.None, Boundary.None]).Chunks[1]);
    }

    [Fact]
    public async Task A_block_knows_where_it_stands()
    {
        var x = DaskArray.Zeros((6, 7), (4, 3));
        var found = await x.MapBlocks((block, at) => block + (10.0 * at.ArrayLocation[0].Start) + at.ArrayLocation[1].Stop + (at.NumBlocks[1] * 1000) + at.Shape[1]).ComputeAsync(s_scheduler);
        Assert.Equal(3000 + 7 + 40 + 7.0, found[5, 6]);
        Assert.Equal(3000 + 7 + 3.0, found[0, 0]);
    }

    [Fact]
    public async Task Chunks_are_unified_without_broadcasting()
    {
        var unified = DaskArray.UnifyChunks(Grid((4, 3)), Grid((3, 7)), DaskArray.Arange(7.0, 2));
        Assert.Equal([[3L, 1, 2], [2L, 1, 1, 2, 1]], unified[0].Chunks);
        Assert.Equal(unified[0].Chunks, unified[1].Chunks);
        Assert.Equal([7L], unified[2].Shape);
        Assert.Equal(21.0, await unified[2].Sum().ComputeAsync(s_scheduler));
    }

    [Fact]
    public async Task Functions_with_two_answers_run_once_a_block()
    {
        var calls = 0;
        var (low, high) = DaskArray.ApplyGufunc((NDArray<double> b) =>
        {
            calls++;
            var rows = b.ToArray().Chunk(b.Shape[1]).ToArray();
            return ((NDArray<double>)rows.Select(r => r.Min()).ToArray(), (NDArray<int>)rows.Select(r => (int)r.Max()).ToArray());
        }, "(i)->(),()", Grid((2, 3)));
        Same([6, 16, 26, 36, 46, 56], await high.ComputeAsync(s_scheduler));
        Assert.Equal(3, calls);
        Same([0.0, 10, 20, 30, 40, 50], await low.ComputeAsync(s_scheduler));
    }

    [Fact]
    public async Task Positions_that_are_computed_select_across_blocks()
    {
        var x = Grid((2, 3));
        long[] places = [5, 0, -1, 3, 3, 2];
        foreach (var cut in new[] { 1, 4, 6 })
        {
            var taken = await x[DaskArray.FromArray(places, cut)].ComputeAsync(s_scheduler);
            Assert.Equal(places.SelectMany(p => Enumerable.Range(0, 7).Select(j => (10.0 * (p < 0 ? p + 6 : p)) + j)), taken.ToArray());
        }

        Same([30.0, 31, 32, 33, 34, 35, 36], await x[(DaskArray<long>)3L].ComputeAsync(s_scheduler));
        var error = await Assert.ThrowsAsync<Orleans.Dask.Grains.Interfaces.TaskFailedException>(() => x[DaskArray.FromArray([7L], -1)].ComputeAsync(s_scheduler));
        Assert.IsType<ArrayIndexException>(error.InnerException);
    }

    [Fact]
    public async Task Pieces_and_missing_values_are_told_apart()
    {
        DaskArray<double> x = DaskArray.FromArray([-2.0, double.NaN, 3, 8], 3);
        Same([false, true, false, false], await x.IsNull().ComputeAsync(s_scheduler));
        Same([true, false, true, true], await x.NotNull().ComputeAsync(s_scheduler));
        Same([true, true, true, true], await DaskArray.Arange(4).NotNull().ComputeAsync(s_scheduler));
        var pieces = await DaskArray.Piecewise(x, [x < 0.0, x > 5.0], [v => -v, v => v * 10.0], v => v + 1.0).ComputeAsync(s_scheduler);
        Assert.Equal([2.0, double.NaN, 4, 80], pieces.ToArray());
    }

    [Fact]
    public async Task Boxes_count_points()
    {
        var points = DaskArray.FromArray(NDArray.From(new[] { 0.1, 0.1, 0.9, 0.1, 0.6, 0.9, 1.0, 1.0, 2.0, 0.1 }, 5, 2), (2, 1));
        var (counts, edges) = points.HistogramDD([2, 2], [(0, 1), (0, 1)]);
        Same([1.0, 0, 1, 2], await counts.ComputeAsync(s_scheduler));
        Same([0.0, 0.5, 1], await edges[1].ComputeAsync(s_scheduler));
        Same([1.0, 0, 1, 2], await points.HistogramDD([2, 2], [(0, 1), (0, 1)], density: true).Counts.ComputeAsync(s_scheduler));
    }
}
