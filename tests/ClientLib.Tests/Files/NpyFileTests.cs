using System.Numerics;
using System.Runtime.InteropServices;
using Orleans.Dask.Files;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Files;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<DType> Types => ManyTypes.All;

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Types))]
    public async Task Every_type_comes_back_in_any_chunks(DType type)
    {
        var array = ManyTypes.Array(type, 7, 5, 3);
        var path = Path.Combine(_folder.Path, "a.npy");
        await ManyTypes.Lazy(array, (3, 2, 3)).ToNpyFileAsync(path);
        ManyTypes.Same(array, NDArray.LoadNpy(path));
        ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromNpyFile(path)));
        ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromNpyFile(path, (2, 4, 2))));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory, InlineData("C", false), InlineData("F", false), InlineData("C", true), InlineData("F", true)]
    public async Task Orders_of_axes_and_bytes_are_read_as_they_stand(string order, bool bigEndian)
    {
        // 0 to 23 in a (4, 6) array, laid out by hand.
        var values = order == "C" ? Enumerable.Range(0, 24) : Enumerable.Range(0, 24).Select(i => (i % 4 * 6) + (i / 4));
        var bytes = values.SelectMany(v => bigEndian ? BitConverter.GetBytes((short)v).Reverse() : BitConverter.GetBytes((short)v)).ToArray();
        var path = Path.Combine(_folder.Path, "raw");
        File.WriteAllBytes(path, [9, 9, 9, .. bytes]);
        var x = DaskArray.FromRawBinary<short>(path, (4, -1), (3, 2), offset: 3, order, bigEndian);
        Assert.Equal([4, 6], x.Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (short)i), (await x.ComputeAsync(new SynchronousScheduler())).ToArray());
    }

    [Fact]
    public async Task Raw_files_are_written_and_too_short_ones_refused()
    {
        var array = (NDArray<double>)ManyTypes.Array(DType.Float64, 5, 4);
        var path = Path.Combine(_folder.Path, "raw");
        await DaskArray.FromArray(array, (2, 3)).ToRawBinaryAsync(path);
        Assert.Equal(MemoryMarshal.AsBytes(array.Span).ToArray(), File.ReadAllBytes(path));
        Assert.Equal(array.ToArray(), (await DaskArray.FromRawBinary<double>(path, (5, 4)).ComputeAsync(new SynchronousScheduler())).ToArray());
        Assert.Contains("160 bytes", Assert.Throws<ArrayFileException>(() => DaskArray.FromRawBinary<double>(path, (5, 5))).Message, StringComparison.Ordinal);
        Assert.Throws<ArrayException>(() => DaskArray.FromRawBinary<double>(path, (5, 4), order: "K"));
    }

    [Fact]
    public async Task Narrow_types_widen()
    {
        var path = Path.Combine(_folder.Path, "half.npy");
        var halves = new[] { (Half)1.5, (Half)(-2), Half.NaN, (Half)0.25 };
        File.WriteAllBytes(path, [.. NpyHeader.Write(new NumpyType("f2"), 2, 2), .. MemoryMarshal.AsBytes(halves.AsSpan())]);
        Assert.Equal(halves, (await DaskArray.FromNpyFile<Half>(path, 1).ComputeAsync(new SynchronousScheduler())).ToArray());

        path = Path.Combine(_folder.Path, "complex.npy");
        File.WriteAllBytes(path, [.. NpyHeader.Write(new NumpyType("c8"), 2), .. MemoryMarshal.AsBytes([1f, 2, 3, 4])]);
        var numbers = (await DaskArray.FromNpyFile<Complex>(path).ComputeAsync(new SynchronousScheduler())).ToArray();
        Assert.Equal([new Complex(1, 2), new Complex(3, 4)], numbers);
    }

    [Fact]
    public void Chunks_are_runs_of_the_file_unless_asked_for_otherwise()
    {
        var path = Path.Combine(_folder.Path, "large.npy");
        using (var partial = new PartialFile(path))
        {
            NpyFile.Begin(partial, [3_000, 2_000], DType.Float64);
            partial.Commit();
        }

        Assert.Equal([[1048, 1048, 904], [2000]], DaskArray.FromNpyFile<double>(path).Chunks);
        Assert.Equal([[1500, 1500], [1000, 1000]], DaskArray.FromNpyFile<double>(path, (1500, 1000)).Chunks);
        Assert.Equal(3, DaskArray.FromNpyFile<double>(path).ToGraph().Count);
    }

    [Theory, InlineData(DType.Float64), InlineData(DType.Bool), InlineData(DType.Complex128)]
    public async Task Chunks_whose_memory_is_lent_hold_the_same_in_every_format(DType type)
    {
        // Large enough for memory of the pool, which begins somewhere within its buffer.
        var array = ManyTypes.Array(type, 300, 701);
        var threads = new ThreadsScheduler(2);
        string At(string name) => Path.Combine(_folder.Path, name);
        foreach (var cut in (ChunkSpec[])[(300, 701), (150, 701), (300, 350)])
        {
            var x = ManyTypes.Lazy(array, cut);
            await x.ToNpyFileAsync(At("a.npy"), threads);
            await DaskArray.ToNpzAsync(At("a.npz"), new Dictionary<string, DaskArray> { ["x"] = x }, threads);
            await x.ToNpyStackAsync(At("stack"), 0, threads);
            await x.ToZarrAsync(At("plain"), options: new ZarrOptions { Codec = null, Overwrite = true }, scheduler: threads);
            await x.ToZarrAsync(At("packed"), options: new ZarrOptions { Overwrite = true }, scheduler: threads);
            await x.ToHdf5Async(At("a.h5"), "x", threads);
            foreach (var read in (ChunkSpec[])[default, (300, 701), (150, 701), (300, 350), (200, 333)])
            {
                ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromNpyFile(At("a.npy"), read), threads));
                ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromNpz(At("a.npz"), "x", read), threads));
                ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromZarr(At("plain"), chunks: read), threads));
                ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromZarr(At("packed"), chunks: read), threads));
                ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromHdf5(At("a.h5"), "x", read), threads));
            }

            ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromNpyStack(At("stack")), threads));
        }

        await Python.RunAsync("""
            import sys, os, numpy as np, h5py
            os.chdir(sys.argv[1])
            x = np.load("a.npy")
            h5py.File("b.h5", "w").create_dataset("x", data=x, chunks=(100, 701), compression="gzip")
            np.save("narrow.npy", np.linspace(0, 1, 100000).astype("c8"))
            np.save("wide.npy", np.linspace(0, 1, 100000).astype("c8").astype("c16"))
            """, _folder.Path);
        ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromHdf5(At("b.h5"), "x"), threads));
        ManyTypes.Same(NDArray.LoadNpy(At("wide.npy")), NDArray.LoadNpy(At("narrow.npy")));
    }

    [Fact]
    public void Another_type_is_refused_at_the_call()
    {
        var path = Path.Combine(_folder.Path, "a.npy");
        NDArray.Range<int>(4).SaveNpy(path);
        var message = Assert.Throws<DTypeException>(() => DaskArray.FromNpyFile<double>(path)).Message;
        Assert.Contains("holds int32, not float64", message, StringComparison.Ordinal);
        Assert.Equal([0.0, 1, 2, 3], NDArray.LoadNpy<double>(path).ToArray());
    }

    [Fact]
    public async Task A_failed_write_leaves_what_was_there()
    {
        var path = Path.Combine(_folder.Path, "a.npy");
        NDArray.Range<double>(4).SaveNpy(path);
        var failing = DaskArray.FromArray(NDArray.Range<double>(100), 10).Map(x => x < 55 ? x : throw new InvalidOperationException("no more"));
        await Assert.ThrowsAnyAsync<Exception>(() => failing.ToNpyFileAsync(path, new SynchronousScheduler()));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        Assert.Equal(4, NDArray.LoadNpy(path).Size);
    }

    [Fact]
    public async Task A_file_cut_off_after_it_was_opened_is_an_error_with_its_name()
    {
        var path = Path.Combine(_folder.Path, "a.npy");
        NDArray.Range<double>(1000).SaveNpy(path);
        var x = DaskArray.FromNpyFile<double>(path, 100);
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(4000);
        }

        var error = await Assert.ThrowsAnyAsync<Exception>(() => x.ComputeAsync(new SynchronousScheduler()));
        Assert.Contains(path, error.InnerException?.Message ?? error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_sizes_are_refused()
    {
        var x = DaskArray.FromArray(NDArray.Range<double>(10), 5);
        await Assert.ThrowsAsync<ChunkException>(() => x[x > 3.0].ToNpyFileAsync(Path.Combine(_folder.Path, "a.npy")));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Archives_hold_arrays_by_name()
    {
        var path = Path.Combine(_folder.Path, "a.npz");
        var (x, y) = (ManyTypes.Array(DType.Float32, 20, 3), ManyTypes.Array(DType.Bool, 11));
        await DaskArray.ToNpzAsync(path, new Dictionary<string, DaskArray> { ["x"] = ManyTypes.Lazy(x, (7, 2)), ["y"] = ManyTypes.Lazy(y) });
        Assert.Equal(["x", "y"], DaskArray.NpzNames(path));
        ManyTypes.Same(x, await ManyTypes.ComputeAsync(DaskArray.FromNpz(path, "x", (6, 3))));
        ManyTypes.Same(y, await ManyTypes.ComputeAsync(DaskArray.FromNpz<bool>(path, "y")));
        ManyTypes.Same(x, NDArray.LoadNpz(path)["x"]);
        Assert.Contains("x, y", Assert.Throws<ArrayFileException>(() => DaskArray.FromNpz(path, "z")).Message, StringComparison.Ordinal);
        Assert.Contains("Name one of", Assert.Throws<ArrayFileException>(() => DaskArray.FromNpz(path)).Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));

        // Uncompressed: a part is read without the rest.
        Assert.Equal(12, DaskArray.FromNpz(path, "x", (6, 1)).ToGraph().Count);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(-1)]
    public async Task Stacks_come_back_with_their_chunks(int axis)
    {
        var array = ManyTypes.Array(DType.Float64, 7, 6);
        var folder = Path.Combine(_folder.Path, "stack");
        await ManyTypes.Lazy(array, (3, 4)).ToNpyStackAsync(folder, axis);
        var back = DaskArray.FromNpyStack<double>(folder);
        Assert.Equal(axis == 0 ? [[3, 3, 1], [6]] : [[7], [4, 2]], back.Chunks);
        ManyTypes.Same(array, await back.ComputeAsync(new SynchronousScheduler()));
        Assert.Equal(axis == 0 ? 4 : 3, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task A_stack_described_by_python_is_read()
    {
        // pickle.dumps({'chunks': ((2, 1), (3,)), 'dtype': numpy.dtype('f8'), 'axis': 0}), protocol 4.
        var info = Convert.FromHexString("8004955b000000000000007d94288c066368756e6b73944b024b0186944b03859486948c056474797065948c056e756d707994680593948c02663894898887945294284b038c013c944e4e4e4affffffff4affffffff4b007494628c0461786973944b00752e");
        File.WriteAllBytes(Path.Combine(_folder.Path, "info"), info);
        NDArray.Range<double>(6).Reshape(2, 3).SaveNpy(Path.Combine(_folder.Path, "0.npy"));
        NDArray.Range<double>(3).Reshape(1, 3).SaveNpy(Path.Combine(_folder.Path, "1.npy"));
        var values = (await DaskArray.FromNpyStack<double>(_folder.Path).ComputeAsync(new SynchronousScheduler())).ToArray();
        Assert.Equal([0.0, 1, 2, 3, 4, 5, 0, 1, 2], values);
    }
}
