using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Files;

public sealed class ZarrArrayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<DType> Types => ManyTypes.All;

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Types))]
    public async Task Every_type_comes_back(DType type)
    {
        var array = ManyTypes.Array(type, 7, 5);
        foreach (var version in (int[])[2, 3])
        {
            var path = Path.Combine(_folder.Path, $"v{version}");
            await ManyTypes.Lazy(array, (3, 2)).ToZarrAsync(path, options: new ZarrOptions { Version = version });
            var back = DaskArray.FromZarr(path);
            Assert.Equal([[3, 3, 1], [2, 2, 1]], back.Chunks);
            ManyTypes.Same(array, await ManyTypes.ComputeAsync(back));
        }
    }

    [Theory]
    [InlineData(2, null, '.')]
    [InlineData(2, "gzip", '/')]
    [InlineData(2, "zlib", '.')]
    [InlineData(2, "zstd", '/')]
    [InlineData(3, null, '/')]
    [InlineData(3, "gzip", '.')]
    [InlineData(3, "zstd", '/')]
    public async Task Versions_codecs_and_names_come_back_in_any_chunks(int version, string? codec, char separator)
    {
        var array = ManyTypes.Array(DType.Int32, 9, 4, 5);
        var path = Path.Combine(_folder.Path, "a");
        await ManyTypes.Lazy(array, (4, 3, 5)).ToZarrAsync(path, options: new ZarrOptions { Version = version, Codec = codec, Separator = separator });
        ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromZarr<int>(path)));
        ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromZarr(path, chunks: (5, 4, 2)), new ThreadsScheduler(2)));
        var part = await DaskArray.FromZarr<int>(path)[2..7, 3, 1..].ComputeAsync(new SynchronousScheduler());
        ManyTypes.Same(((NDArray<int>)array)[2..7, 3, 1..].Copy(), part.Copy());
        Assert.Equal(version == 3 ? ["c", "zarr.json"] : separator == '/' ? [".zarray", "0", "1", "2"] : [".zarray", "0.0.0", "0.1.0", "1.0.0", "1.1.0", "2.0.0", "2.1.0"],
            Directory.GetFileSystemEntries(path).Select(p => Path.GetFileName(p).Split(".1.0")[0] is "c" ? "c" : Path.GetFileName(p)).Select(n => n.StartsWith("c.", StringComparison.Ordinal) ? "c" : n).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory, InlineData(2), InlineData(3)]
    public async Task Single_values_and_empty_arrays_come_back(int version)
    {
        foreach (var shape in (int[][])[[], [0], [3, 0]])
        {
            var array = ManyTypes.Array(DType.Float64, shape);
            var path = Path.Combine(_folder.Path, $"a{shape.Length}");
            await ManyTypes.Lazy(array).ToZarrAsync(path, options: new ZarrOptions { Version = version });
            ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromZarr(path)));
        }
    }

    [Fact]
    public async Task Unequal_chunks_are_made_equal()
    {
        var array = ManyTypes.Array(DType.Float32, 10);
        var path = Path.Combine(_folder.Path, "a");
        long[][] chunks = [[2, 5, 3]];
        await ManyTypes.Lazy(array, chunks).ToZarrAsync(path);
        Assert.Equal([[5, 5]], DaskArray.FromZarr(path).Chunks);
        ManyTypes.Same(array, await ManyTypes.ComputeAsync(DaskArray.FromZarr(path)));
    }

    [Fact]
    public async Task Missing_chunks_hold_the_fill_value()
    {
        foreach (var (type, fill, value) in ((string, string, object)[])[
            ("<f8", "\"NaN\"", double.NaN), ("<f4", "\"-Infinity\"", float.NegativeInfinity), ("|b1", "true", true), ("<u8", "18446744073709551615", ulong.MaxValue),
            ("<i2", "-7", (short)-7), ("<c16", "[1.5, -2]", new Complex(1.5, -2)), ("<i4", "null", 0)])
        {
            Write(".zarray", $$"""{"zarr_format": 2, "shape": [5, 2], "chunks": [2, 2], "dtype": "{{type}}", "compressor": null, "fill_value": {{fill}}, "order": "C", "filters": null}""");
            var values = await ManyTypes.ComputeAsync(DaskArray.FromZarr(_folder.Path));
            Assert.Equal([5, 2], values.Dimensions);
            Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(value, values.BoxedItem(i)));
        }
    }

    [Fact]
    public async Task Column_major_big_endian_chunks_are_read()
    {
        Write(".zarray", """{"zarr_format": 2, "shape": [3, 3], "chunks": [2, 3], "dtype": ">i2", "compressor": {"id": "gzip", "level": 1}, "fill_value": 0, "order": "F", "filters": null}""");
        Pack("0.0", [0, 0, 0, 3, 0, 1, 0, 4, 0, 2, 0, 5]);
        Pack("1.0", [0, 6, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0]);
        foreach (var chunks in (ChunkSpec[])[default, 1, 3])
        {
            Assert.Equal(Enumerable.Range(0, 9).Select(i => (short)i), (await DaskArray.FromZarr<short>(_folder.Path, chunks: chunks).ComputeAsync(new SynchronousScheduler())).ToArray());
        }
    }

    [Theory, InlineData("\"order\": [1, 0]"), InlineData("\"order\": \"F\"")]
    public async Task A_transpose_and_checksums_of_version_3_are_followed(string order)
    {
        Write("zarr.json", $$$"""
            {"zarr_format": 3, "node_type": "array", "shape": [2, 3], "data_type": "uint8", "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2, 3]}},
             "chunk_key_encoding": {"name": "default"}, "fill_value": 0, "codecs": [{"name": "transpose", "configuration": { {{{order}}} }}, {"name": "bytes"}, {"name": "crc32c"}]}
            """);
        byte[] plain = [0, 3, 1, 4, 2, 5];
        Directory.CreateDirectory(Path.Combine(_folder.Path, "c", "0"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "c", "0", "0"), [.. plain, .. Crc(plain)]);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (byte)i), (await DaskArray.FromZarr<byte>(_folder.Path).ComputeAsync(new SynchronousScheduler())).ToArray());

        File.WriteAllBytes(Path.Combine(_folder.Path, "c", "0", "0"), [.. plain, 1, 2, 3, 4]);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => DaskArray.FromZarr<byte>(_folder.Path).ComputeAsync(new SynchronousScheduler()));
        Assert.Contains("checksum", (error.InnerException ?? error).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("end"), InlineData("start")]
    public async Task Shards_are_read_chunk_by_chunk(string place)
    {
        Write("zarr.json", $$$"""
            {"zarr_format": 3, "node_type": "array", "shape": [6], "data_type": "int32", "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [4]}},
             "chunk_key_encoding": {"name": "default", "configuration": {"separator": "."}}, "fill_value": -1,
             "codecs": [{"name": "sharding_indexed", "configuration": {"chunk_shape": [2], "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
               "index_codecs": [{"name": "bytes", "configuration": {"endian": "little"}}, {"name": "crc32c"}], "index_location": "{{{place}}}"}}]}
            """);

        // Chunk 1 first, chunk 0 second; the second shard has its chunk 0 missing.
        var atStart = place == "start" ? 36UL : 0;
        var index = MemoryMarshal.AsBytes<ulong>([atStart + 8, 8, atStart, 8UL]).ToArray();
        byte[] data = [.. MemoryMarshal.AsBytes<int>([2, 3, 0, 1])];
        byte[] whole = [.. index, .. Crc(index)];
        File.WriteAllBytes(Path.Combine(_folder.Path, "c.0"), place == "start" ? [.. whole, .. data] : [.. data, .. whole]);
        index = MemoryMarshal.AsBytes<ulong>([ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue]).ToArray();
        File.WriteAllBytes(Path.Combine(_folder.Path, "c.1"), [.. index, .. Crc(index)]);

        var x = DaskArray.FromZarr<int>(_folder.Path);
        Assert.Equal([[4, 2]], x.Chunks);
        var values = (await x.ComputeAsync(new SynchronousScheduler())).ToArray();
        Assert.Equal([0, 1, 2, 3, -1, -1], values);
        values = (await DaskArray.FromZarr<int>(_folder.Path, chunks: 1).ComputeAsync(new SynchronousScheduler())).ToArray();
        Assert.Equal([0, 1, 2, 3, -1, -1], values);
    }

    [Fact]
    public async Task Arrays_of_a_group_are_named_and_nothing_is_replaced_unasked()
    {
        var x = DaskArray.FromArray(NDArray.Range<double>(10), 3);
        await x.ToZarrAsync(_folder.Path, "temperature/raw");
        Assert.True(File.Exists(Path.Combine(_folder.Path, "zarr.json")));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "temperature", "zarr.json")));
        Assert.Equal(10, (await DaskArray.FromZarr<double>(_folder.Path, "temperature/raw").ComputeAsync(new SynchronousScheduler())).Size);
        Assert.Contains("component", Assert.Throws<ArrayFileException>(() => DaskArray.FromZarr(_folder.Path)).Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<ArrayFileException>(() => x.ToZarrAsync(_folder.Path, "temperature/raw"));
        await (x * 2.0).ToZarrAsync(_folder.Path, "temperature/raw", new ZarrOptions { Overwrite = true });
        Assert.Equal(18, (await DaskArray.FromZarr<double>(_folder.Path, "temperature/raw").ComputeAsync(new SynchronousScheduler()))[9]);

        var failing = x.Map(v => v < 5 ? v : throw new InvalidOperationException("no more"));
        await Assert.ThrowsAnyAsync<Exception>(() => failing.ToZarrAsync(_folder.Path, "temperature/raw", new ZarrOptions { Overwrite = true }));
        Assert.Equal(18, (await DaskArray.FromZarr<double>(_folder.Path, "temperature/raw").ComputeAsync(new SynchronousScheduler()))[9]);
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.Combine(_folder.Path, "temperature")).Length);
    }

    [Fact]
    public async Task A_slice_reads_only_the_chunks_it_touches()
    {
        var path = Path.Combine(_folder.Path, "a");
        await DaskArray.FromArray(NDArray.Range<double>(100), 10).ToZarrAsync(path);
        foreach (var file in Directory.GetFiles(Path.Combine(path, "c")).Where(f => Path.GetFileName(f) != "3"))
        {
            File.WriteAllText(file, "damaged");
        }

        Assert.Equal(Enumerable.Range(32, 6).Select(i => (double)i), (await DaskArray.FromZarr<double>(path)[32..38].ComputeAsync(new SynchronousScheduler())).ToArray());
    }

    private static byte[] Crc(byte[] bytes) => BitConverter.GetBytes(~bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C));

    private void Write(string name, string text) => _folder.Write(name, text);

    private void Pack(string name, byte[] plain)
    {
        using var gzip = new GZipStream(File.Create(Path.Combine(_folder.Path, name)), CompressionLevel.Fastest);
        gzip.Write(plain);
    }
}
