using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Cluster;

/// <summary>Arrays in files, read and written by silo processes themselves: what travels is paths and places.</summary>
[Collection(TwoSilos.Name)]
public sealed class FileTests(ClusterFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DaskArray<double> _expected = DaskArray.Arange<double>(2_400, chunks: 500).Reshape([60, 40]);

    public static TheoryData<string> Formats => ["npy", "npz", "stack", "zarr 2", "zarr 3", "raw", "hdf5"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Formats))]
    public async Task Silos_write_an_array_and_read_it_in_other_chunks(string format)
    {
        var path = await WriteAsync(format, _expected, fixture.Client);
        var x = Open(format, path);
        Assert.True(x.NPartitions >= 6, x.ToString());
        var here = await x.ComputeAsync(new SynchronousScheduler());
        Assert.Equal(Enumerable.Range(0, 2_400).Select(i => (double)i), here.ToArray());
        Assert.Equal(here.ToArray(), (await x.ComputeAsync(fixture.Client)).ToArray());
        Assert.Equal(2_399.0 * 1_200, await x.T.Rechunk((13, 60)).Sum().ComputeAsync(fixture.Client));
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_silo_that_does_not_see_the_file_says_so(string format)
    {
        var path = await WriteAsync(format, _expected, new SynchronousScheduler());
        var x = Open(format, path);
        Remove(path);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => x.ComputeAsync(fixture.Client));
        var told = Assert.IsType<ArrayFileException>(error.InnerException);
        Assert.Contains(path, told.Message, StringComparison.Ordinal);
        Assert.Contains(Environment.MachineName, told.Message, StringComparison.Ordinal);
        Assert.Contains("every silo must see them under the same path", told.Message, StringComparison.Ordinal);
        Assert.Contains(fixture.Client.Workers, worker => worker.Address == error.Worker && error.Message.Contains(worker.Address, StringComparison.Ordinal));
    }

    [Theory, InlineData("npy"), InlineData("stack"), InlineData("zarr 3")]
    public async Task A_silo_that_does_not_see_where_to_write_says_so_and_nothing_is_left(string format)
    {
        // What the client has made is taken away before the first block is written: as where a silo sees another file system.
        var folder = _folder.Path;
        var vanishing = DaskArray.Arange<double>(2_400).Reshape([60, 40]).MapBlocks(block =>
        {
            Array.ForEach(Directory.GetFiles(folder), File.Delete);
            Array.ForEach(Directory.GetDirectories(folder), made => Directory.Delete(made, recursive: true));
            return block;
        });
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => WriteAsync(format, vanishing, fixture.Client));
        Assert.Contains(_folder.Path, Assert.IsType<ArrayFileException>(error.InnerException).Message, StringComparison.Ordinal);
        Assert.Contains("every silo must see them", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private async Task<string> WriteAsync(string format, DaskArray<double> array, IGraphScheduler scheduler)
    {
        var path = Path.Combine(_folder.Path, "x");
        await (format switch
        {
            "npy" => array.ToNpyFileAsync(path, scheduler: scheduler),
            "npz" => DaskArray.ToNpzAsync(path, new Dictionary<string, DaskArray> { ["x"] = array }, scheduler),
            "stack" => array.Rechunk((10, 40)).ToNpyStackAsync(path, scheduler: scheduler),
            "zarr 2" or "zarr 3" => array.ToZarrAsync(path, options: new ZarrOptions { Version = format[^1] - '0', Chunks = (10, 15), Codec = "gzip" }, scheduler: scheduler),
            "raw" => array.ToRawBinaryAsync(path, scheduler: scheduler),
            _ => array.ToHdf5Async(path, "group/x", scheduler),
        });
        return path;
    }

    private static DaskArray<double> Open(string format, string path) => format switch
    {
        "npy" => DaskArray.FromNpyFile<double>(path, (10, 40)),
        "npz" => DaskArray.FromNpz<double>(path, "x", (10, 40)),
        "stack" => DaskArray.FromNpyStack<double>(path),
        "zarr 2" or "zarr 3" => DaskArray.FromZarr<double>(path),
        "raw" => DaskArray.FromRawBinary<double>(path, [60, 40], chunks: (10, 40)),
        _ => DaskArray.FromHdf5<double>(path, "group/x", (10, 40)),
    };

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        File.Delete(path);
    }
}
