namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>What an operation holds in memory at once, in chunks, on two threads, whatever the size of the array.</summary>
public class PeakMemoryTests
{
    private const int Side = 960;
    private const int Chunk = 30;
    private const long ChunkBytes = (long)Chunk * Chunk * sizeof(double);
    private const long ArrayBytes = (long)Side * Side * sizeof(double);

    /// <summary>An array of eight times this may pass through.</summary>
    private const long Limit = ArrayBytes / 8;

    private static DaskArray<double> Generated() => DaskArray.Random.Random((Side, Side), Chunk, seed: 5);

    [Fact]
    public async Task Centring_an_array_of_eight_times_the_limit_stays_under_it()
    {
        var x = Generated();
        var scheduler = new MeasuringScheduler();
        await (x + x.T - x.Mean(axis: 0)).Std().ComputeAsync(scheduler);
        Assert.True(scheduler.PeakBytes < Limit, $"{scheduler.PeakBytes:N0} bytes at once; {Limit:N0} are the limit.");
        Assert.True(scheduler.Calls >= 1024, $"{scheduler.Calls} tasks for 1024 chunks.");
    }

    /// <summary>
    /// A family of operations over the 32 x 32 chunks of a generated array, and how many chunks it may hold at once on two
    /// threads: far below the limit all of them, a strip of chunks where neighbours depend on each other, else a few.
    /// </summary>
    public static TheoryData<string, Func<DaskArray<double>, DaskScalar<double>>, int> Families => new()
    {
        { "chain", x => ((((-(x * x)).Exp() + 1.0).Sqrt() * 2.0) - (x / 3.0)).Sum(), 2 },
        { "sum", x => x.Sum(), 2 },
        { "sum along an axis", x => x.Sum(axis: 0).Max(), 3 },
        { "deviation", x => x.Std(), 2 },
        { "symmetric", x => (x + x.T).Sum(), 3 },
        { "mask", x => x[x > 0.5].Sum(), 36 },
        { "assigned", x => x.SetItem(x < 0.5, 0.0).Sum(), 2 },
        { "sliced", x => x[new Slice(null, null, -1), new Slice(3, null, 2)].Sum(), 4 },
        { "running", x => x.CumSum(axis: 0).Sum(), 38 },
        { "mapped", x => x.MapBlocks(block => block).Sum(), 4 },
        { "finer chunks", x => x.Rechunk((10, 20)).CumSum(axis: 1).Sum(), 24 },
        { "coarser chunks", x => x.Rechunk((60, 60)).CumSum(axis: 1).Sum(), 32 },
        { "whole columns", x => x.Rechunk((Side, Chunk)).CumSum(axis: 0).Sum(), 70 },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public async Task A_family_holds_few_chunks_at_once(string family, Func<DaskArray<double>, DaskScalar<double>> operation, int chunks)
    {
        // Turned, so that they are blocks of a graph, not made again wherever they are used.
        var scheduler = new MeasuringScheduler();
        await operation(Generated().T).ComputeAsync(scheduler);
        var most = (chunks * ChunkBytes) + (ChunkBytes / 2);
        Assert.True(scheduler.PeakBytes <= most, $"{family}: {(double)scheduler.PeakBytes / ChunkBytes:F1} chunks at once, {chunks} expected.");
        Assert.True(scheduler.Calls >= 1024, $"{family}: {scheduler.Calls} tasks for 1024 chunks.");
    }

    [Fact]
    public async Task Rows_become_columns_with_little_more_than_the_array_itself()
    {
        // Every new chunk takes a piece of every old one, so all are there once: less needs a place to spill to.
        var scheduler = new MeasuringScheduler();
        await Generated().T.Rechunk((Chunk, Side)).Rechunk((Side, Chunk)).Sum(axis: 0).Sum().ComputeAsync(scheduler);
        Assert.InRange(scheduler.PeakBytes, ArrayBytes, ArrayBytes * 3 / 2);
    }

    [Fact]
    public async Task A_chunk_counts_until_its_last_user_has_run_and_a_view_as_its_buffer()
    {
        var scheduler = new MeasuringScheduler(threads: 1);
        await Generated().T.Rechunk((Chunk, Chunk / 2)).Sum().ComputeAsync(scheduler);

        // A chunk, two views of it, and one number a chunk of what is folded.
        Assert.InRange(scheduler.PeakBytes, ChunkBytes, 2 * ChunkBytes);
        await Generated().PersistAsync(scheduler);
        Assert.Equal(ArrayBytes, scheduler.PeakBytes);
    }

    [Fact]
    public async Task What_is_found_block_by_block_stays_under_an_eighth_of_the_array()
    {
        var x = Generated();
        foreach (var found in new DaskArray[] { x.TopK(3, axis: 0), x.ArgTopK(2, axis: 1), (x * 10.0).Floor().Unique(), (x * 10.0).AsType<long>().Ravel().BinCount() })
        {
            var scheduler = new MeasuringScheduler();
            await scheduler.ComputeAsync(found.ToGraph(), found.Keys());
            Assert.True(scheduler.PeakBytes < Limit, $"{found}: {scheduler.PeakBytes:N0} bytes at once; {Limit:N0} are the limit.");
        }
    }
}
