using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>Operations on arrays of eight times the memory limit: what is held stays near it, and the answer is right.</summary>
public sealed class LargerThanMemoryTests : IDisposable
{
    private const int Chunks = 64;
    private const int Elements = 1 << 22;
    private const int Side = 2048;
    private const long Limit = Elements * sizeof(double) / 8;

    // A little above it: what the first task of a function takes is guessed. Seen: 1.00 in argsort, one of whose merges takes all of
    // it, 0.94 in sort.
    private const long Most = Limit + (Limit / 16);
    private static readonly ZarrOptions s_plain = new() { Codec = null };

    private readonly TemporaryFolder _folder = new();
    private readonly ThreadsScheduler _scheduler;

    public LargerThanMemoryTests() => _scheduler = new ThreadsScheduler(threads: 2, Limit, Directory.CreateDirectory(Path.Combine(_folder.Path, "spilled")).FullName);

    public void Dispose()
    {
        var left = Directory.GetFileSystemEntries(Path.Combine(_folder.Path, "spilled"));
        _folder.Dispose();
        Assert.Empty(left);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sorting(bool fromFile)
    {
        var x = await SourceAsync(DaskArray.Random.Random([Elements], Elements / Chunks, seed: 3), fromFile);
        await x.Sort().ToZarrAsync(Target, options: s_plain, scheduler: _scheduler);
        var expected = (await x.ComputeAsync(new SynchronousScheduler())).ToArray();
        Array.Sort(expected);
        Check(expected, await DaskArray.FromZarr<double>(Target).ComputeAsync(new SynchronousScheduler()), spilled: Elements * sizeof(double) / 2);
    }

    [Fact]
    public async Task Argsort()
    {
        // Few different values: equal ones must keep their order.
        var x = (DaskArray.Random.Random([Elements], Elements / Chunks, seed: 3) * 100.0).Floor();
        await x.ArgSort().ToNpyStackAsync(Target, scheduler: _scheduler);
        var values = (await x.ComputeAsync(new SynchronousScheduler())).ToArray();
        long[] expected = [.. Enumerable.Range(0, Elements).OrderBy(i => values[i]).Select(i => (long)i)];
        Check(expected, await DaskArray.FromNpyStack<long>(Target).ComputeAsync(new SynchronousScheduler()), spilled: Elements * sizeof(double));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Masks(bool fromFile)
    {
        var x = await SourceAsync(DaskArray.Random.Random([Elements], Elements / Chunks, seed: 3) - 0.5, fromFile);
        var positive = await x[x > 0.0].ComputeChunkSizesAsync(_scheduler);
        await positive.ToZarrAsync(Target, options: s_plain, scheduler: _scheduler);
        double[] expected = [.. (await x.ComputeAsync(new SynchronousScheduler())).ToArray().Where(v => v > 0)];
        Check(expected, await DaskArray.FromZarr<double>(Target).ComputeAsync(new SynchronousScheduler()), spilled: 0);
    }

    [Fact]
    public async Task Rows_become_columns()
    {
        // From a file: what is generated is generated in the new chunks.
        var x = await SourceAsync(DaskArray.Random.Random((Side, Side), (Side / Chunks, Side), seed: 3), fromFile: true);
        await x.Rechunk((Side, Side / Chunks)).ToZarrAsync(Target, options: s_plain, scheduler: _scheduler);
        var expected = (await x.ComputeAsync(new SynchronousScheduler())).ToArray();
        Check(expected, await DaskArray.FromZarr<double>(Target).ComputeAsync(new SynchronousScheduler()), spilled: Elements * sizeof(double) / 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Centring(bool fromFile)
    {
        var x = await SourceAsync(DaskArray.Random.Random((Side, Side), Side / 16, seed: 3), fromFile);
        var centred = (x + x.T - x.Mean(axis: 0)).Std();
        var expected = await centred.ComputeAsync(new SynchronousScheduler());
        Assert.Equal(expected, await centred.ComputeAsync(_scheduler), 1e-12);
        AssertHeld(fromFile ? Elements * sizeof(double) / 8 : 0);
    }

    [Fact]
    public async Task Persisted()
    {
        var x = DaskArray.Random.Random((Side, Side), (Side / Chunks, Side), seed: 3);
        var kept = await x.PersistAsync(_scheduler);
        try
        {
            AssertHeld(Elements * sizeof(double) / 2);
            var centred = (kept - kept.Mean(axis: 0)).Std();
            var expected = await (x - x.Mean(axis: 0)).Std().ComputeAsync(new SynchronousScheduler());
            Assert.Equal(expected, await centred.ComputeAsync(_scheduler), 1e-12);
            Assert.Equal(expected, await centred.ComputeAsync(new SynchronousScheduler()), 1e-12);
            AssertHeld(Elements * sizeof(double) * 7 / 8);
        }
        finally
        {
            ((IDisposable)kept.Kept!).Dispose();
        }
    }

    private string Target => Path.Combine(_folder.Path, "result");

    private async Task<DaskArray<double>> SourceAsync(DaskArray<double> x, bool fromFile)
    {
        if (!fromFile)
        {
            return x;
        }

        var path = Path.Combine(_folder.Path, "source");
        await x.ToZarrAsync(path, options: s_plain, scheduler: new SynchronousScheduler());
        return DaskArray.FromZarr<double>(path);
    }

    private void Check<T>(T[] expected, NDArray<T> found, long spilled)
        where T : unmanaged
    {
        Assert.True(found.Span.SequenceEqual(expected), "Another answer than in memory.");
        AssertHeld(spilled);
    }

    private void AssertHeld(long spilled)
    {
        Assert.True(_scheduler.PeakBytes <= Most, $"{_scheduler.PeakBytes:N0} bytes were held at once; {Most:N0} were expected at most.");
        Assert.True(_scheduler.SpilledBytes >= spilled, $"{_scheduler.SpilledBytes:N0} bytes were put on the disk; at least {spilled:N0} were expected.");
    }
}
