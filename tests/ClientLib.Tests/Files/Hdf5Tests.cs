using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Files;

/// <summary>On the system's libhdf5, against h5py.</summary>
public sealed class Hdf5Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SynchronousScheduler _scheduler = new();

    public static TheoryData<DType> Types => ManyTypes.All;

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Types))]
    public async Task Every_type_comes_back_in_any_chunks(DType type)
    {
        var array = ManyTypes.Array(type, 7, 5);
        var path = Path.Combine(_folder.Path, "a.h5");
        await ManyTypes.Lazy(array, (3, 2)).ToHdf5Async(path, "/group/x", new ThreadsScheduler(2));
        ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, "/group/x")));
        ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, "group/x", (2, 4)), new ThreadsScheduler(2)));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task H5py_reads_what_is_written()
    {
        var x = DaskArray.Arange<long>(35, chunks: 10).Reshape([5, 7]);
        var datasets = DTypes.All.ToDictionary(t => $"all/{t.Name()}", t => x.AsType(t));
        datasets["one"] = x.Sum();
        datasets["empty"] = DaskArray.Zeros<double>((0, 3));
        await DaskArray.ToHdf5Async(Path.Combine(_folder.Path, "a.h5"), datasets);
        Assert.Equal("13 True 595 (0, 3)", await Python.RunAsync("""
            import sys, os, numpy as np, h5py
            f = h5py.File(os.path.join(sys.argv[1], "a.h5"), "r")
            x = np.arange(35).reshape(5, 7)
            print(len(f["all"]), all(d.dtype.name == n and (d[:] == x.astype(d.dtype)).all() for n, d in f["all"].items()), f["one"][()], f["empty"].shape)
            """, _folder.Path));
    }

    [Fact]
    public async Task H5pys_files_are_read()
    {
        await Python.RunAsync("""
            import sys, os, numpy as np, h5py
            x = (np.arange(35) * 5 - 40).reshape(5, 7)
            f = h5py.File(os.path.join(sys.argv[1], "a.h5"), "w")
            for t in "?1 <i1 <u1 <i2 >u2 <i4 >i4 <u8 <i8 <f2 <f4 >f8 <f8 <c16 <c8 >c16".split():
                t = t.replace("?1", "?")
                f.create_dataset(f"plain{t}", data=x.astype(t))
                f.create_dataset(f"chunked{t}", data=x.astype(t), chunks=(2, 3))
                f.create_dataset(f"packed{t}", data=x.astype(t), chunks=(2, 3), compression="gzip", shuffle=True, fletcher32=True)
                f.create_dataset(f"unwritten{t}", shape=(5, 7), dtype=t)
            f["value"] = 7.5
            f["text"] = "text"
            """, _folder.Path);
        var path = Path.Combine(_folder.Path, "a.h5");
        var expected = DaskArray.Arange<long>(35).Reshape([5, 7]) * 5L - 40L;
        foreach (var type in "? <i1 <u1 <i2 >u2 <i4 >i4 <u8 <i8 <f2 <f4 >f8 <f8 <c16 <c8 >c16".Split(' '))
        {
            foreach (var kind in (string[])["plain", "chunked", "packed", "unwritten"])
            {
                var x = DaskArray.FromHdf5(path, kind + type);
                var wanted = kind == "unwritten" ? (DaskArray)DaskArray.Zeros<long>((5, 7)) : expected;
                ManyTypes.Same(await ManyTypes.ComputeAsync(wanted.AsType(x.DType)), await ManyTypes.ComputeAsync(x));
                ManyTypes.Same(await ManyTypes.ComputeAsync(wanted.AsType(x.DType)), await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, kind + type, (3, 2)), new ThreadsScheduler(2)));
            }
        }

        Assert.Equal(7.5, (await DaskArray.FromHdf5<double>(path, "value").ComputeAsync(_scheduler)).ToScalar());
        Assert.Contains("'text'", Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "text")).Message, StringComparison.Ordinal);
        var missing = Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "no/such")).Message;
        Assert.Contains(path, missing, StringComparison.Ordinal);
        Assert.Contains("'no/such'", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_are_whole_chunks_of_the_file_of_some_size()
    {
        await Python.RunAsync("""
            import sys, os, h5py
            f = h5py.File(os.path.join(sys.argv[1], "a.h5"), "w")
            f.create_dataset("x", shape=(5000, 3000), chunks=(100, 300), dtype="f8")
            """, _folder.Path);
        var x = DaskArray.FromHdf5<double>(Path.Combine(_folder.Path, "a.h5"), "x");
        Assert.Equal([[600, 600, 600, 600, 600, 600, 600, 600, 200], [3000]], x.Chunks);
        Assert.Equal(0, await x[4_990.., 2_990..].Sum().ComputeAsync(_scheduler));
    }

    [Fact]
    public async Task Files_cut_off_are_refused_wherever_the_cut_is()
    {
        var path = Path.Combine(_folder.Path, "a.h5");
        await DaskArray.FromArray(NDArray.Range<double>(100)).ToHdf5Async(path, "x");
        var good = File.ReadAllBytes(path);
        for (var length = good.Length - 1; length > 0; length -= 7)
        {
            File.WriteAllBytes(path, good[..length]);
            Assert.Contains(path, Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "x")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Other_files_are_refused()
    {
        var path = _folder.Write("a.h5", "no HDF5 at all");
        Assert.Contains("is not an HDF5 file", Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "x")).Message, StringComparison.Ordinal);
    }
}
