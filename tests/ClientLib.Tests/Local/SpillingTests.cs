using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Local;

/// <summary>Graphs on the threads scheduler under a memory limit.</summary>
public sealed class SpillingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ThreadsScheduler Limited(long limit, int threads = 2) => new(threads, limit, _folder.Path);

    public void Dispose()
    {
        var left = Directory.GetFileSystemEntries(_folder.Path);
        _folder.Dispose();
        Assert.Empty(left);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 100_000)]
    public async Task It_answers_as_the_oracle_does(int threads, long limit)
    {
        var scheduler = Limited(limit, threads);

        await Generate.Graph.SampleAsync((graph, wanted) => DaskAssert.SameAnswerAsync(graph, wanted, scheduler));
    }
}
