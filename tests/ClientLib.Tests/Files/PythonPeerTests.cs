using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Files;

/// <summary>What NumPy and zarr write is read here, and what is written here they read.</summary>
public sealed class PythonPeerTests : IDisposable
{
    /// <summary>numpy.arange(240, dtype='i4') as zarr's default compressor packs it.</summary>
    public const string BloscOf240 =
        "02012104c0030000c00300003501000014000000f0000000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132"
        + "333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d"
        + "7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8"
        + "c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef0b0000001f000100d75000000000000b0000001f000100d75000000000000b0000001f00"
        + "0100d7500000000000";

    private readonly TemporaryFolder _folder = new();
    private readonly SynchronousScheduler _scheduler = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NumPys_files_are_read()
    {
        await Python.RunAsync("""
            import sys, os, numpy as np
            os.chdir(sys.argv[1])
            for t in "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 c8 c16".split():
                for e in "<>":
                    x = (np.arange(35) * 5 - 40).reshape(5, 7).astype(e + t)
                    np.save(f"{t}{'l' if e == '<' else 'b'}c.npy", x)
                    np.save(f"{t}{'l' if e == '<' else 'b'}f.npy", np.asfortranarray(x))
            np.savez("plain.npz", x=np.arange(20).reshape(4, 5), y=np.float64(7))
            np.savez_compressed("packed.npz", x=np.arange(20).reshape(4, 5))
            """, _folder.Path);
        var files = Directory.GetFiles(_folder.Path, "*.npy");
        Assert.Equal(14 * 4, files.Length);
        foreach (var file in files)
        {
            foreach (var chunks in (ChunkSpec[])[default, (2, 3)])
            {
                var x = DaskArray.FromNpyFile(file, chunks);
                var expected = DaskArray.Arange<long>(35).Reshape([5, 7]) * 5L - 40L;
                ManyTypes.Same(await ManyTypes.ComputeAsync(expected.AsType(x.DType)), await ManyTypes.ComputeAsync(x));
            }
        }

        foreach (var archive in (string[])["plain.npz", "packed.npz"])
        {
            var x = await DaskArray.FromNpz<long>(Path.Combine(_folder.Path, archive), "x", (3, 2)).ComputeAsync(_scheduler);
            Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), x.ToArray());
        }

        Assert.Equal(7, (await DaskArray.FromNpz<double>(Path.Combine(_folder.Path, "plain.npz"), "y").ComputeAsync(_scheduler)).ToScalar());
    }

    [Fact]
    public async Task NumPy_reads_what_is_written()
    {
        foreach (var type in DTypes.All)
        {
            await ManyTypes.Lazy(ManyTypes.Array(type, 4, 5), (3, 2)).ToNpyFileAsync(Path.Combine(_folder.Path, $"{type.Name()}.npy"));
        }

        var x = DaskArray.Arange<long>(12, chunks: 5).Reshape([3, 4]);
        await DaskArray.ToNpzAsync(Path.Combine(_folder.Path, "a.npz"), new Dictionary<string, DaskArray> { ["x"] = x });
        await x.ToNpyStackAsync(Path.Combine(_folder.Path, "stack"), axis: 1);
        Assert.Equal("True (3, 4) 66 0 (3,) int64", await Python.RunAsync("""
            import sys, os, pickle, numpy as np
            os.chdir(sys.argv[1])
            names = [f for f in os.listdir(".") if f.endswith(".npy")]
            right = all(np.load(f).dtype.name + ".npy" == f and np.load(f, mmap_mode="r").shape == (4, 5) for f in names) and len(names) == 13
            z = np.load("a.npz")["x"]
            info = pickle.load(open("stack/info", "rb"))
            print(right, z.shape, z.sum(), np.abs(np.concatenate([np.load(f"stack/{i}.npy") for i in range(len(info["chunks"][1]))], axis=info["axis"]) - z).sum(), info["chunks"][0], info["dtype"])
            """, _folder.Path));
    }

    [Fact]
    public async Task Zarrs_arrays_are_read()
    {
        await Python.RunAsync("""
            import sys, os, numpy as np, zarr, numcodecs
            os.chdir(sys.argv[1])
            x = np.arange(35).reshape(5, 7) * 5 - 40
            codecs = {"none": None, "gzip": numcodecs.GZip(3), "zlib": numcodecs.Zlib(1), "zstd": numcodecs.Zstd(3), "blosc": numcodecs.Blosc(), "shuffled": numcodecs.Blosc("zstd", 3, 2)}
            for n, c in codecs.items():
                for t in "|b1 <i2 >i4 <u8 <f4 >f8 <c16 <f2".split():
                    for o in "CF":
                        for s in "./":
                            z = zarr.open(f"{n}-{t[1:]}-{o}-{'dot' if s == '.' else 'slash'}", mode="w", shape=x.shape, chunks=(2, 3), dtype=t, compressor=c, order=o, dimension_separator=s)
                            z[:] = x.astype(t)
            g = zarr.open("group", mode="w")
            z = g.create_dataset("a/b", shape=(6,), chunks=(2,), dtype="f8", fill_value=np.nan)
            z[2:4] = 1
            """, _folder.Path);
        var folders = Directory.GetDirectories(_folder.Path, "*-*");
        Assert.Equal(6 * 8 * 4, folders.Length);
        foreach (var folder in folders)
        {
            var x = DaskArray.FromZarr(folder);
            Assert.Equal([[2, 2, 1], [3, 3, 1]], x.Chunks);
            var expected = DaskArray.Arange<long>(35).Reshape([5, 7]) * 5L - 40L;
            ManyTypes.Same(await ManyTypes.ComputeAsync(expected.AsType(x.DType)), await ManyTypes.ComputeAsync(x));
        }

        var values = (await DaskArray.FromZarr<double>(Path.Combine(_folder.Path, "group"), "a/b").ComputeAsync(_scheduler)).ToArray();
        Assert.Equal([double.NaN, double.NaN, 1, 1, double.NaN, double.NaN], values);
    }

    [Fact]
    public async Task Zarr_reads_what_is_written()
    {
        var x = DaskArray.Arange<long>(35, chunks: 10).Reshape([5, 7]);
        foreach (var codec in (string?[])[null, "gzip", "zlib", "zstd"])
        {
            foreach (var separator in "./")
            {
                foreach (var type in DTypes.All)
                {
                    await x.AsType(type).ToZarrAsync(_folder.Path, $"{codec ?? "none"}/{(separator == '.' ? "dot" : "slash")}/{type.Name()}",
                        new ZarrOptions { Version = 2, Codec = codec, Separator = separator, Chunks = (2, 3), FillValue = 1 });
                }
            }
        }

        Assert.Equal("104 True", await Python.RunAsync("""
            import sys, numpy as np, zarr
            found = []
            zarr.open(sys.argv[1], mode="r").visititems(lambda n, z: found.append((n, z)) if isinstance(z, zarr.Array) else None)
            x = np.arange(35).reshape(5, 7)
            print(len(found), all(z.dtype.name == n.split("/")[-1] and z.chunks == (2, 3) and (z[:] == x.astype(z.dtype)).all() and z.fill_value == 1 for n, z in found))
            """, _folder.Path));
    }
}
