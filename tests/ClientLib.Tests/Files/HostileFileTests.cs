using System.Diagnostics;
using System.Text;
using Orleans.Dask.Files;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Files;

/// <summary>Files changed at random and cut off: they are read, or refused by an error with the file's name, and take no room beyond what a file of that size can hold.</summary>
public sealed class HostileFileTests : IDisposable
{
    /// <summary>Of every format, over the ways it is written.</summary>
    private const int Rounds = 20_000;

    private const int Seed = 20;

    /// <summary>What reading a file of some hundred bytes may allocate: deflate packs at most 1032 bytes into one.</summary>
    private const long Room = 16 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly SynchronousScheduler _scheduler = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Npy_files()
    {
        var path = Path.Combine(_folder.Path, "a.npy");
        ManyTypes.Array(DType.Float32, 6, 4).SaveNpy(path);
        Mutate(Rounds, path, header: 100, () => DaskArray.FromNpyFile(path));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Npz_archives(bool packed)
    {
        var path = Path.Combine(_folder.Path, "a.npz");
        var part = Path.Combine(_folder.Path, "a.npy");
        ManyTypes.Array(DType.Float32, 6, 4).SaveNpy(part);
        NpzFile.Pack(path, [("a", part)]);
        if (packed)
        {
            File.Delete(path);
            using var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create);
            using var entry = zip.CreateEntry("a.npy").Open();
            entry.Write(File.ReadAllBytes(part));
        }

        Mutate(Rounds / 2, path, header: int.MaxValue, () => DaskArray.FromNpz(path, "a"));
    }

    [Theory, InlineData("from Python"), InlineData("own")]
    public void Descriptions_of_stacks(string kind)
    {
        NDArray.Range<double>(6).Reshape(2, 3).SaveNpy(Path.Combine(_folder.Path, "0.npy"));
        NDArray.Range<double>(3).Reshape(1, 3).SaveNpy(Path.Combine(_folder.Path, "1.npy"));
        var info = Path.Combine(_folder.Path, "info");
        File.WriteAllBytes(info, kind == "own" ? NpyStack.Info([[2, 1], [3]], DType.Float64, 0)
            : Convert.FromHexString("8004955b000000000000007d94288c066368756e6b73944b024b0186944b03859486948c056474797065948c056e756d707994680593948c02663894898887945294284b038c013c944e4e4e4affffffff4affffffff4b007494628c0461786973944b00752e"));
        Mutate(Rounds / 2, info, header: int.MaxValue, () => DaskArray.FromNpyStack(_folder.Path));
    }

    [Theory, InlineData(2), InlineData(3)]
    public async Task Metadata_of_Zarr(int version)
    {
        await ManyTypes.Lazy(ManyTypes.Array(DType.Float32, 6, 4), (3, 4)).ToZarrAsync(Path.Combine(_folder.Path, "a"), options: new ZarrOptions { Version = version });
        Mutate(Rounds / 2, Path.Combine(_folder.Path, "a", version == 2 ? ".zarray" : "zarr.json"), header: int.MaxValue, () => DaskArray.FromZarr(Path.Combine(_folder.Path, "a")));
    }

    [Theory, InlineData("gzip", false), InlineData("zstd", false), InlineData(null, true), InlineData("blosc", false)]
    public async Task Chunks_of_Zarr(string? codec, bool sharded)
    {
        var path = Path.Combine(_folder.Path, "a");
        if (codec == "blosc")
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(Path.Combine(path, ".zarray"), """{"zarr_format": 2, "shape": [240], "chunks": [240], "dtype": "<i4", "compressor": {"id": "blosc"}, "fill_value": 0, "order": "C", "filters": null}""");
            File.WriteAllBytes(Path.Combine(path, "0"), Convert.FromHexString(PythonPeerTests.BloscOf240));
            Mutate(Rounds / 4, Path.Combine(path, "0"), header: int.MaxValue, () => DaskArray.FromZarr(path));
            return;
        }

        await ManyTypes.Lazy(ManyTypes.Array(DType.Float32, 24), 24).ToZarrAsync(path, options: new ZarrOptions { Codec = codec });
        if (sharded)
        {
            // Four chunks of 24 bytes, and where they lie.
            using (var file = File.Open(Path.Combine(path, "c", "0"), FileMode.Append))
            {
                for (var chunk = 0L; chunk < 4; chunk++)
                {
                    file.Write(BitConverter.GetBytes(chunk * 24));
                    file.Write(BitConverter.GetBytes(24L));
                }
            }

            File.WriteAllText(Path.Combine(path, "zarr.json"), """
                {"zarr_format": 3, "node_type": "array", "shape": [24], "data_type": "float32", "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [24]}}, "fill_value": -1,
                 "codecs": [{"name": "sharding_indexed", "configuration": {"chunk_shape": [6], "codecs": [{"name": "bytes"}], "index_codecs": [{"name": "bytes"}]}}]}
                """);
        }

        Mutate(Rounds / 4, Path.Combine(path, "c", "0"), header: int.MaxValue, () => DaskArray.FromZarr(path));
    }

    [Theory, InlineData("old", ""), InlineData("latest", ", libver='latest'")]
    public async Task Datasets_of_HDF5(string kind, string options)
    {
        var path = Path.Combine(_folder.Path, kind + ".h5");
        await Python.RunAsync($$"""
            import sys, numpy as np, h5py
            with h5py.File(sys.argv[1], "w"{{options}}) as f:
                x = np.arange(24, dtype="f4").reshape(6, 4)
                f["plain"] = x
                f["group/complex"] = x.astype("c16")
                f.create_dataset("packed", data=x, chunks=(2, 3), compression="gzip", shuffle=True, fletcher32=True)
                f.create_dataset("one", data=x > 3, chunks=(6, 4))
                f.create_dataset("grows", data=x, chunks=(2, 3), maxshape=(None, 4))
                f.create_dataset("grows more", data=x, chunks=(2, 3), maxshape=(None, None), fillvalue=7)
                f["type"] = np.dtype("c16")
                f.create_dataset("committed", data=x.astype("c16"), dtype=f["type"])
                for i in range(40): f[f"many/{i}"] = f["plain"]
            """, path);
        string[] names = ["plain", "group/complex", "packed", "one", "grows", "grows more", "committed", "many/17"];
        var sums = Hdf5Sums.Find(File.ReadAllBytes(path));
        Assert.True(kind == "latest" ? sums.Count > 10 : sums.Count == 0, $"{sums.Count} checksums found");
        var round = 0;
        Mutate(Rounds / 2, path, header: int.MaxValue, () => DaskArray.FromHdf5(path, names[round++ % names.Length]), Rewrite);

        // What libhdf5 writes is guarded by checksums in the latest format: an enemy writes them too.
        void Rewrite(byte[] bytes, Random random)
        {
            for (var change = random.Next(3); change > 0 && bytes.Length > 16; change--)
            {
                var at = random.Next(bytes.Length - 8) & ~random.Next(8);
                long[] values = [0, 1, at, bytes.Length, -1, long.MaxValue, int.MaxValue, random.Next(bytes.Length), 1L << random.Next(64)];
                BitConverter.GetBytes(values[random.Next(values.Length)]).AsSpan(0, 1 << random.Next(4)).CopyTo(bytes.AsSpan(at));
            }

            if (random.Next(2) == 0)
            {
                Hdf5Sums.Mend(bytes, sums);
            }
        }
    }

    /// <param name="rounds">How often.</param>
    /// <param name="path">What is changed.</param>
    /// <param name="header">Changes fall before this byte.</param>
    /// <param name="open">Opens it, or what it belongs to.</param>
    /// <param name="further">What else is done to it.</param>
    private void Mutate(int rounds, string path, int header, Func<DaskArray> open, Action<byte[], Random>? further = null)
    {
        var random = new Random(Seed);
        var good = File.ReadAllBytes(path);
        var (read, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var bytes = random.Next(4) == 0 ? good[..random.Next(good.Length + 1)] : [.. good];
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                var at = random.Next(Math.Min(header, bytes.Length));
                bytes[at] = random.Next(3) switch
                {
                    0 => (byte)random.Next(256),
                    1 => (byte)(bytes[at] ^ (1 << random.Next(8))),
                    _ => (byte)"0123456789-,()[]{}\"'"[random.Next(20)],
                };
            }

            further?.Invoke(bytes, random);
            File.WriteAllBytes(path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var array = open();

                // Zarr and HDF5 may claim more than they hold: the rest is one value, and as large as asked for.
                if (array.NPartitions <= 100 && array.Shape.Aggregate(16.0, (bytes, n) => bytes * n) <= Room / 4)
                {
                    var source = array.Source;
                    var reading = _scheduler.ComputeAsync(source.Graph, array.Keys());
                    Assert.True(reading.IsCompleted);
                    reading.GetAwaiter().GetResult();
                }

                read++;
            }
            catch (Exception e) when (Told(e) is { } told)
            {
                Assert.Contains(_folder.Path, told.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (Exception e)
            {
                throw new UnreachableException($"Seed {Seed}, round {round}: {Encoding.Latin1.GetString(bytes)} {Convert.ToHexString(bytes)}", e);
            }

            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < Room, $"Seed {Seed}, round {round}: {taken} bytes allocated for {Encoding.Latin1.GetString(bytes)} {Convert.ToHexString(bytes)}");
        }

        Assert.True(read > rounds / 100 && refused > rounds / 100, $"{read} read, {refused} refused: the changes test nothing.");
    }

    /// <summary>The error that a user is to see; a stack's own files may also be missing.</summary>
    private static Exception? Told(Exception e) => e is ArrayFileException or FileNotFoundException ? e : e.InnerException is { } inner ? Told(inner) : null;
}
