using System.Text;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Writes each block as a chunk file; blocks are chunks, those at the ends are filled up. A file appears when it is whole.</summary>
internal sealed unsafe class ZarrWriter(string folder, ZarrMetadata metadata) : BlockWriter
{
    public override void Write(long[] origin, NDArray block)
    {
        if (block.Size == 0)
        {
            return;
        }

        var whole = block;
        if (!block.Dimensions.AsSpan().SequenceEqual(metadata.Chunks))
        {
            whole = NDArray.Allocate(block.DType, metadata.Chunks);
            using (var pin = whole.Pin())
            {
                Constants.Fill(whole.DType, metadata.Fill, StoredElements.First(whole, pin), whole.Size);
            }

            Scatter.Into(whole, Array.ConvertAll(block.Dimensions, n => AxisIndex.Whole(n)), block);
        }

        whole = Strided.Contiguous(whole);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}': unless silos see other folders than the client, the array was given up or is finished.");
        }

        var path = Path.Combine(folder, metadata.ChunkFile([.. origin.Select((o, axis) => checked((int)(o / metadata.Chunks[axis])))]));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var partial = new PartialFile(path);
        using (var pin = whole.Pin())
        {
            var plain = new ReadOnlySpan<byte>(StoredElements.First(whole, pin), checked((int)whole.NBytes));
            File.WriteAllBytes(partial.Path, metadata.Codec is { } codec ? Compression.Compress(codec, plain, metadata.Level, path) : plain);
        }

        partial.Commit();
    }

    /// <summary>Marks folders above an array as groups, so that other readers find the way.</summary>
    public static void MarkGroups(string root, string? component, int version)
    {
        var at = root;
        foreach (var part in (component ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            Directory.CreateDirectory(at);
            var (name, text) = version == 2 ? (".zgroup", """{"zarr_format": 2}""") : ("zarr.json", """{"zarr_format": 3, "node_type": "group", "attributes": {}}""");
            if (!File.Exists(Path.Combine(at, name)))
            {
                File.WriteAllText(Path.Combine(at, name), text, new UTF8Encoding(false));
            }

            at = Path.Combine(at, part);
        }
    }
}
