using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Files;

/// <summary>Against h5py, and against libhdf5 where a file is trusted.</summary>
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
                ManyTypes.Same(await ManyTypes.ComputeAsync(x), await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, kind + type, trusted: true)));
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

    [Theory, InlineData("old", ""), InlineData("grown", "libver=('v108', 'v108'), "), InlineData("latest", "libver='latest', "), InlineData("user", "userblock_size=1024, "), InlineData("ordered", "track_order=True, ")]
    public async Task Every_layout_is_read_that_h5py_writes(string kind, string options)
    {
        var path = Path.Combine(_folder.Path, kind + ".h5");
        await Python.RunAsync($$"""
            import sys, numpy as np, h5py
            with h5py.File(sys.argv[1], "w", {{options}}) as f:
                x = np.arange(35 * 41 * 3, dtype="f8").reshape(35, 41, 3)
                for packed in False, True:
                    how = dict(compression="gzip", shuffle=True) if packed else {}
                    for name, chunks, most in [("fixed", (4, 5, 2), None), ("one", (35, 41, 3), None), ("first", (4, 5, 2), (None, 41, 3)), ("last", (4, 5, 2), (35, 50, None)),
                                               ("two", (4, 5, 2), (None, None, 3)), ("many", (1, 1, 1), None), ("long", (1, 1, 1), (35, None, 3)), ("longer", (1, 1, 1), (None, None, None))]:
                        d = f.create_dataset(f"{name}{packed}", shape=x.shape, dtype="f8", chunks=chunks, maxshape=most, fillvalue=-1, **how)
                        if name in ("many", "long", "longer"): d[:, :9] = x[:, :9]
                        else: d[:] = x
                    d = f.create_dataset(f"holes{packed}", shape=(9, 300), dtype="i4", chunks=(2, 7), fillvalue=5, **how)
                    d[3:5, 200:203] = 6
                early = h5py.h5p.create(h5py.h5p.DATASET_CREATE); early.set_chunk((4, 5, 2)); early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
                h5py.Dataset(h5py.h5d.create(f.id, b"implicit", h5py.h5t.NATIVE_DOUBLE, h5py.h5s.create_simple(x.shape), early))[:] = x
                small = h5py.h5p.create(h5py.h5p.DATASET_CREATE); small.set_layout(h5py.h5d.COMPACT)
                h5py.Dataset(h5py.h5d.create(f.id, b"compact", h5py.h5t.NATIVE_DOUBLE, h5py.h5s.create_simple(x[0].shape), small))[:] = x[0]
                g = f.create_group("group/of/groups", track_order=True)
                for i in range(300):
                    g[f"member{i}"] = np.full(3, i)
                    f[f"wide/member{i}"] = np.full(3, i)
                f["soft"] = h5py.SoftLink("/group/of/groups")
                f["group/near"] = h5py.SoftLink("of/./groups/member7")
                f["circle"] = h5py.SoftLink("/circle")
            """, path);
        var x = DaskArray.Arange<double>(35 * 41 * 3).Reshape([35, 41, 3]);
        var part = DaskArray.Where(DaskArray.Arange<long>(41).Reshape([1, 41, 1]).BroadcastTo([35, 41, 3]) < 9L, x, DaskArray.Full((35, 41, 3), -1.0));
        foreach (var packed in (string[])["False", "True"])
        {
            foreach (var name in (string[])["fixed", "one", "first", "last", "two", "many", "long", "longer"])
            {
                var wanted = await ManyTypes.ComputeAsync(name is "many" or "long" or "longer" ? part : x);
                ManyTypes.Same(wanted, await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, name + packed)));
                ManyTypes.Same(wanted, await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, name + packed, (10, 7, 1)), new ThreadsScheduler(2)));
            }

            var holes = await DaskArray.FromHdf5<int>(path, "holes" + packed, (4, 50)).ComputeAsync(_scheduler);
            Assert.Equal((5 * 2700) + 6, holes.ToArray().Sum());
            Assert.Equal([6, 6, 6, 5], (int[])[holes[3, 200], holes[3, 202], holes[4, 201], holes[4, 203]]);
        }

        ManyTypes.Same(await ManyTypes.ComputeAsync(x), await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, "implicit")));
        ManyTypes.Same(await ManyTypes.ComputeAsync(x[0]), await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, "compact", (10, 2))));
        for (var i = 0; i < 300; i += 13)
        {
            foreach (var group in (string[])["group/of/groups", "wide", "soft"])
            {
                Assert.Equal([i, i, i], (await DaskArray.FromHdf5<long>(path, $"{group}/member{i}").ComputeAsync(_scheduler)).ToArray());
            }
        }

        Assert.Equal(7, (await DaskArray.FromHdf5<long>(path, "/group/near")[0].ComputeAsync(_scheduler)).ToScalar());
        Assert.Contains("soft links", Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "circle")).Message, StringComparison.Ordinal);
        Assert.Contains("is a group", Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "wide")).Message, StringComparison.Ordinal);
        Assert.Contains("'/wide' has no member 'no'", Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "wide/no/such")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arrays_of_chunks_in_pages_are_read()
    {
        // From entry 131,072 on, blocks of an array that grows are in pages that share a row of bits; one of known length has them from the start.
        const int Count = 140_000;
        var path = Path.Combine(_folder.Path, "a.h5");
        await Python.RunAsync("""
            import sys, numpy as np, h5py
            with h5py.File(sys.argv[1], "w", libver="latest") as f:
                f.create_dataset("grows", data=np.arange(140000), chunks=(1,), maxshape=(None,))
                f.create_dataset("fixed", shape=(140000,), dtype="i8", chunks=(1,), fillvalue=-1)[100000:100010] = np.arange(10)
            """, path);
        var grows = (await DaskArray.FromHdf5<long>(path, "grows").ComputeAsync(_scheduler)).ToArray();
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), grows);
        var known = (await DaskArray.FromHdf5<long>(path, "fixed").ComputeAsync(_scheduler)).ToArray();
        Assert.Equal(Enumerable.Range(0, Count).Select(i => i is >= 100_000 and < 100_010 ? i - 100_000L : -1), known);
    }

    [Fact]
    public async Task What_only_libhdf5_reads_is_read_by_it_when_the_file_is_trusted()
    {
        var path = Path.Combine(_folder.Path, "a.h5");
        await Python.RunAsync("""
            import sys, numpy as np, h5py
            f = h5py.File(sys.argv[1], "w")
            f.create_dataset("scaled", data=np.arange(40), chunks=(8,), scaleoffset=0)
            f["source"] = np.arange(5.0)
            layout = h5py.VirtualLayout(shape=(2, 5), dtype="f8")
            layout[0] = h5py.VirtualSource(sys.argv[1], "source", shape=(5,))
            layout[1] = h5py.VirtualSource(sys.argv[1], "source", shape=(5,))
            f.create_virtual_dataset("virtual", layout)
            """, path);
        foreach (var (name, sum) in ((string, double)[])[("scaled", 780), ("virtual", 20)])
        {
            var told = Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, name)).Message;
            Assert.Contains($"'{name}'", told, StringComparison.Ordinal);
            Assert.Contains("pass trusted: true", told, StringComparison.Ordinal);
            Assert.Equal(sum, await DaskArray.FromHdf5(path, name, trusted: true).AsType<double>().Sum().ComputeAsync(_scheduler));
        }
    }

    [Fact]
    public async Task Chunks_shuffled_before_and_after_they_are_deflated_are_read()
    {
        var path = Path.Combine(_folder.Path, "a.h5");
        await Python.RunAsync("""
            import sys, numpy as np, h5py
            with h5py.File(sys.argv[1], "w") as f:
                how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                how.set_chunk((40000,)); how.set_shuffle(); how.set_fletcher32(); how.set_deflate(9); how.set_filter(h5py.h5z.FILTER_SHUFFLE, 0, (8,))
                h5py.Dataset(h5py.h5d.create(f.id, b"x", h5py.h5t.NATIVE_INT64, h5py.h5s.create_simple((80000,)), how))[:] = np.arange(80000)
            """, path);
        Assert.Equal(Enumerable.Range(0, 80_000).Select(i => (long)i), (await DaskArray.FromHdf5<long>(path, "x").ComputeAsync(_scheduler)).ToArray());
        Assert.Equal(70_001, (await DaskArray.FromHdf5<long>(path, "x", 1_000)[70_001].ComputeAsync(_scheduler)).ToScalar());
    }

    [Theory, InlineData("old", ""), InlineData("latest", ", libver='latest'")]
    public async Task Types_that_were_committed_are_read(string kind, string options)
    {
        var path = Path.Combine(_folder.Path, kind + ".h5");
        await Python.RunAsync($$"""
            import sys, numpy as np, h5py
            with h5py.File(sys.argv[1], "w"{{options}}) as f:
                for t in ">f8", "<i2", "?", "<c16":
                    f["types/" + t] = np.dtype(t)
                    f.create_dataset("plain" + t, data=np.arange(12).reshape(3, 4).astype(t), dtype=f["types/" + t])
                    f.create_dataset("packed" + t, data=np.arange(12).reshape(3, 4).astype(t), dtype=f["types/" + t], chunks=(2, 3), compression="gzip")
            """, path);
        var x = DaskArray.Arange<long>(12).Reshape([3, 4]);
        foreach (var name in (string[])["plain>f8", "packed>f8", "plain<i2", "packed<i2", "plain?", "packed?", "plain<c16", "packed<c16"])
        {
            var found = DaskArray.FromHdf5(path, name);
            ManyTypes.Same(await ManyTypes.ComputeAsync(x.AsType(found.DType)), await ManyTypes.ComputeAsync(found));
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task Layouts_of_before_version_1_6_3_are_read_as_libhdf5_reads_them(int version)
    {
        // Nothing writes them any more: those of today, in the old words, where they fit into the place they have.
        await Python.RunAsync($$"""
            import sys, os, struct, numpy as np, h5py
            def old(kind, shape, make, words):
                path = os.path.join(sys.argv[1], kind + ".h5")
                with h5py.File(path, "w") as f:
                    make(f)
                b = bytearray(open(path, "rb").read())
                code = {"compact": 0, "run": 1, "chunks": 2}[kind]
                for at in range(0, len(b) - 10, 8):
                    if b[at:at + 2] == bytes([8, 0]) and b[at + 8:at + 10] == bytes([3, code]):
                        size, = struct.unpack_from("<H", b, at + 2)
                        new = bytes([{{version}}, len(shape), code, 0, 0, 0, 0, 0]) + words(b[at + 10:at + 8 + size])
                        assert len(new) <= size, (len(new), size)
                        b[at + 8:at + 8 + len(new)] = new
                        break
                else: raise Exception("no layout")
                if kind == "compact":
                    at = b.index(struct.pack("<BBB5xQ", 1, 1, 1, 12)) + 8
                    b[at:at + 8] = struct.pack("<Q", 9)
                open(path, "wb").write(b)
            def compact(f):
                small = h5py.h5p.create(h5py.h5p.DATASET_CREATE); small.set_layout(h5py.h5d.COMPACT)
                h5py.Dataset(h5py.h5d.create(f.id, b"x", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((12,), (12,)), small))[:] = np.arange(12)
            old("run", (3, 4), lambda f: f.create_dataset("x", data=np.arange(12, dtype="i4").reshape(3, 4)), lambda w: bytes(w[:8]) + struct.pack("<II", 3, 4))
            old("chunks", (5, 4), lambda f: f.create_dataset("x", data=np.arange(12, dtype="i4"), chunks=(5,), compression="gzip"), lambda w: bytes(w[1:17]))
            old("compact", (9,), compact, lambda w: struct.pack("<II", 9, 36) + bytes(w[2:38]))
            """, _folder.Path);
        foreach (var (kind, count) in ((string, int)[])[("run", 12), ("chunks", 12), ("compact", 9)])
        {
            var path = Path.Combine(_folder.Path, kind + ".h5");
            var found = await DaskArray.FromHdf5<int>(path, "x").ComputeAsync(_scheduler);
            Assert.Equal(Enumerable.Range(0, count), found.ToArray());
            ManyTypes.Same(await ManyTypes.ComputeAsync(DaskArray.FromHdf5(path, "x", trusted: true)), found);
        }
    }

    [Fact]
    public async Task Members_of_a_large_group_are_found_by_their_hashes()
    {
        // Many names for one dataset: the file is short, and to read every link takes more than it has.
        var path = Path.Combine(_folder.Path, "a.h5");
        await Python.RunAsync("""
            import sys, numpy as np, h5py
            with h5py.File(sys.argv[1], "w", libver="latest") as f:
                f["x"] = np.arange(3.0)
                g = f.create_group("g")
                for i in range(20000): g[str(i)] = f["x"]
            """, path);
        for (var i = 0; i < 20_000; i += 777)
        {
            Assert.Equal(3, (await DaskArray.FromHdf5<double>(path, $"g/{i}").Sum().ComputeAsync(_scheduler)));
        }

        Assert.Contains("'/g' has no member '20000'", Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "g/20000")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunks_of_more_than_an_array_holds_are_not_read_but_not_damaged()
    {
        var path = Path.Combine(_folder.Path, "a.h5");
        await Python.RunAsync("""
            import sys, h5py
            h5py.File(sys.argv[1], "w").create_dataset("x", shape=(300000000,), chunks=(300000000,), dtype="f8")
            """, path);
        var told = Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "x")).Message;
        Assert.Contains("chunks of", told, StringComparison.Ordinal);
        Assert.Contains("pass trusted: true", told, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_heap_whose_rows_claim_more_bytes_than_can_be_counted_is_read_or_refused()
    {
        var path = Path.Combine(_folder.Path, "a.h5");
        await Python.RunAsync("""
            import sys, numpy as np, h5py
            with h5py.File(sys.argv[1], "w", libver="latest") as f:
                for i in range(300): f[f"g/member{i}"] = np.full(3, i)
            """, path);
        var bytes = File.ReadAllBytes(path);
        var sums = Hdf5Sums.Find(bytes);
        var heap = bytes.AsSpan().IndexOf("FRHP"u8);
        foreach (var (first, width, isRead) in ((long, short, bool)[])[(1L << 62, 4, true), (1L << 62, 1 << 14, true), (1L << 50, 1 << 14, true), (1, 4, false), (1L << 62, 4095, false), (512, 4095, false)])
        {
            byte[] hostile = [.. bytes];
            BitConverter.GetBytes(width).CopyTo(hostile, heap + 110);
            BitConverter.GetBytes(first).CopyTo(hostile, heap + 112);
            BitConverter.GetBytes(1L << 62).CopyTo(hostile, heap + 120);
            Hdf5Sums.Mend(hostile, sums);
            File.WriteAllBytes(path, hostile);

            // Where the first block is larger than all there is, what is looked for is in it.
            var told = Record.Exception(() => DaskArray.FromHdf5(path, "g/member7"));
            Assert.True(isRead ? told is null : told is ArrayFileException, $"{first} {width}: {told}");
        }
    }

    [Fact]
    public async Task A_structure_of_more_than_an_array_holds_is_refused()
    {
        // The names of the root group's members take 2.5 GB, it says; the file has as many, of holes.
        const long Claimed = 5L << 29;
        var path = Path.Combine(_folder.Path, "a.h5");
        await Python.RunAsync("""
            import sys, numpy as np, h5py
            h5py.File(sys.argv[1], "w")["x"] = np.arange(3)
            """, path);
        var bytes = File.ReadAllBytes(path);
        BitConverter.GetBytes(Claimed).CopyTo(bytes, bytes.AsSpan().IndexOf("HEAP"u8) + 8);
        BitConverter.GetBytes(2 * Claimed).CopyTo(bytes, 40);
        File.WriteAllBytes(path, bytes);
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(2 * Claimed);
        }

        var told = Assert.Throws<ArrayFileException>(() => DaskArray.FromHdf5(path, "x")).Message;
        Assert.Contains("the member list of '/'", told, StringComparison.Ordinal);
        Assert.Contains($"{Claimed} bytes", told, StringComparison.Ordinal);
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
