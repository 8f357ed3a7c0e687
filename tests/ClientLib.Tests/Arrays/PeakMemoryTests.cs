namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>What an operation holds in memory at once, in chunks, on two threads, whatever the size of the array.</summary>
public class PeakMemoryTests
{
    private const int Side = 480;
    private const int Chunk = 60;
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
        Assert.True(scheduler.Calls >= 64, $"{scheduler.Calls} tasks for 64 chunks.");
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
}
