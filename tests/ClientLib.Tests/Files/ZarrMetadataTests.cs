using System.Text;
using Orleans.Dask.Files;

namespace Orleans.Dask.ClientLib.Tests.Files;

public class ZarrMetadataTests
{
    [Theory]
    [InlineData(2, null, '.', "1.0.2")]
    [InlineData(2, "gzip", '/', "1/0/2")]
    [InlineData(3, "zstd", '/', "c/1/0/2")]
    [InlineData(3, null, '.', "c.1.0.2")]
    public void What_is_written_is_read(int version, string? codec, char separator, string chunkFile)
    {
        var metadata = new ZarrMetadata(version, NumpyType.Of(DType.Float32), [30, 20, 50], [15, 20, 20], float.NaN, codec, 3, false, separator);
        var read = ZarrMetadata.Parse(metadata.Write(), "x");
        Assert.Equal(metadata.Shape, read.Shape);
        Assert.Equal(metadata.Chunks, read.Chunks);
        Assert.Equal((metadata.Version, metadata.Type, metadata.Codec, metadata.Separator), (read.Version, read.Type, read.Codec, read.Separator));
        Assert.Equal(float.NaN, read.Fill);
        Assert.Equal(chunkFile, read.ChunkFile([1, 0, 2]));
    }

    [Theory]
    [InlineData("""{"zarr_format": 2, "shape": [4], "chunks": [2], "dtype": "<f8", "compressor": null, "fill_value": 0, "order": "C", "filters": [{"id": "delta"}]}""", "filters")]
    [InlineData("""{"zarr_format": 2, "shape": [4, 4], "chunks": [2], "dtype": "<f8", "compressor": null, "fill_value": 0, "order": "C", "filters": null}""", "chunk lengths")]
    [InlineData("""{"zarr_format": 2, "shape": [4], "chunks": [0], "dtype": "<f8", "compressor": null, "fill_value": 0, "order": "C", "filters": null}""", "at least 1")]
    [InlineData("""{"zarr_format": 4}""", "zarr_format 2 or 3")]
    [InlineData("""{"zarr_format": 3, "data_type": "string"}""", "'string'")]
    [InlineData("""{"zarr_format": 2, "shape": [4, 4], "chunks": [2000000000, 2000000000], "dtype": "<f8", "compressor": null, "fill_value": 0, "order": "C", "filters": null}""", "not the metadata")]
    [InlineData("[1]", "not the metadata")]
    [InlineData("{", "not the metadata")]
    public void What_cannot_be_read_says_why(string json, string said) =>
        Assert.Contains(said, Assert.Throws<ArrayFileException>(() => ZarrMetadata.Parse(Encoding.UTF8.GetBytes(json), "x")).Message, StringComparison.Ordinal);

    [Theory, InlineData("gzip"), InlineData("zlib"), InlineData("zstd")]
    public void Chunks_pack_and_unpack_to_their_size_and_no_other(string codec)
    {
        var plain = Enumerable.Range(0, 10_000).Select(i => (byte)(i / 100)).ToArray();
        var packed = Compression.Compress(codec, plain, 3, "x");
        Assert.True(packed.Length < plain.Length);
        var unpacked = new byte[plain.Length];
        Compression.Decompress(codec, packed, unpacked, "x");
        Assert.Equal(plain, unpacked);
        Assert.Throws<ArrayFileException>(() => Compression.Decompress(codec, packed, new byte[plain.Length - 1], "x"));
        Assert.Throws<ArrayFileException>(() => Compression.Decompress(codec, packed, new byte[plain.Length + 1], "x"));
        Assert.Throws<ArrayFileException>(() => Compression.Decompress(codec, packed[..(packed.Length / 2)], unpacked, "x"));
    }

    [Fact]
    public void Big_endian_elements_are_turned()
    {
        byte[] bytes = [0, 0, 1, 2, 0, 0, 0, 7];
        new NumpyType("i4", IsBigEndian: true).ToNative(bytes);
        Assert.Equal([258, 7], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bytes).ToArray());
    }
}
