using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>A Zarr array as its metadata describes it: versions 2 (<c>.zarray</c>) and 3 (<c>zarr.json</c>) in one form.</summary>
/// <param name="Version">2 or 3.</param>
/// <param name="Type">Element type and byte order of the chunks.</param>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="Chunks">Lengths of a chunk; chunks at the end are stored whole, filled up.</param>
/// <param name="Fill">Element of chunks that are not there, as an element in memory.</param>
/// <param name="Codec">"gzip", "zlib", "zstd", "blosc", or null for plain bytes.</param>
/// <param name="Level">Effort of the codec when writing.</param>
/// <param name="FortranOrder">Whether the first axis varies fastest within a chunk.</param>
/// <param name="Separator">Between the places in a chunk file's name.</param>
/// <param name="HasChecksum">Whether four bytes of CRC-32C follow a chunk.</param>
/// <param name="Shards">Where several chunks share a file; null: each has its own.</param>
internal sealed record ZarrMetadata(
    int Version, NumpyType Type, long[] Shape, int[] Chunks, object Fill, string? Codec, int Level, bool FortranOrder, char Separator,
    bool HasChecksum = false, ZarrShards? Shards = null)
{
    private const int LongestFile = 16 << 20;
    private const int MostAxes = 32;
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Name of the metadata file.</summary>
    public string FileName => Version == 2 ? ".zarray" : "zarr.json";

    /// <summary>Elements of one chunk, ends filled up.</summary>
    public int ChunkElements => Chunks.Aggregate(1, (product, length) => checked(product * length));

    /// <summary>Lengths of what one file holds.</summary>
    public int[] FileChunks => Shards?.Shape ?? Chunks;

    /// <summary>File at <paramref name="place"/> (one number an axis), relative to the array.</summary>
    public string ChunkFile(ReadOnlySpan<int> place)
    {
        var name = new StringBuilder(Version == 3 ? "c" : "");
        foreach (var index in place)
        {
            if (name.Length > 0)
            {
                name.Append(Separator);
            }

            name.Append(CultureInfo.InvariantCulture, $"{index}");
        }

        return Version == 2 && place.Length == 0 ? "0" : name.ToString();
    }

    /// <summary>The array in a folder, of either version.</summary>
    public static ZarrMetadata Open(string folder)
    {
        foreach (var name in (ReadOnlySpan<string>)["zarr.json", ".zarray"])
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (file.Exists)
            {
                return file.Length <= LongestFile ? Parse(File.ReadAllBytes(file.FullName), file.FullName)
                    : throw new ArrayFileException($"{file.FullName} has {file.Length} bytes, more than the metadata of any array.");
            }
        }

        throw new ArrayFileException($"{folder} is no Zarr array: it has neither zarr.json nor .zarray."
            + (File.Exists(Path.Combine(folder, ".zgroup")) ? " It is a group: name one of its arrays as component." : ""));
    }

    /// <summary>Reads either version.</summary>
    /// <param name="json">The metadata file.</param>
    /// <param name="file">For errors.</param>
    public static ZarrMetadata Parse(ReadOnlySpan<byte> json, string file)
    {
        try
        {
            var root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 32 })?.AsObject() ?? throw Wrong("an object", "null");
            var metadata = (int?)root["zarr_format"] switch
            {
                2 => ZarrVersion2.Parse(root, file),
                3 => ZarrVersion3.Parse(root, file),
                var other => throw Wrong("zarr_format 2 or 3", other?.ToString(CultureInfo.InvariantCulture) ?? "none"),
            };
            if (metadata.Shape.Length != metadata.Chunks.Length || metadata.Shape.Any(n => n < 0) || metadata.Chunks.Any(n => n < 1) || metadata.Shape.Length > MostAxes)
            {
                throw Wrong($"as many chunk lengths (each at least 1) as axes, at most {MostAxes}", $"shape {Strided.Text(metadata.Shape)}, chunks {Strided.Text(metadata.Chunks)}");
            }

            if (metadata.Separator is not ('.' or '/'))
            {
                throw Wrong("'.' or '/' between the places in names of chunks", $"'{metadata.Separator}'");
            }

            _ = checked(metadata.ChunkElements * metadata.Type.Size);
            _ = StoredElements.Steps(metadata.Shape, fortranOrder: false);
            metadata.Shards?.Check(metadata.Chunks, file);
            return metadata;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or System.FormatException or OverflowException or ArgumentException)
        {
            throw new ArrayFileException($"{file}: not the metadata of a Zarr array: {e.Message}", e);
        }

        ArrayFileException Wrong(string expected, string found) => new($"{file}: expected {expected}, found {found}.");
    }

    /// <summary>The metadata file's content.</summary>
    public byte[] Write() =>
        JsonSerializer.SerializeToUtf8Bytes(Version == 2 ? ZarrVersion2.Write(this) : ZarrVersion3.Write(this), s_indented);

    /// <summary>A list of whole numbers.</summary>
    internal static T[] Numbers<T>(JsonNode? parent, string name, string file) =>
        parent is JsonObject members && members[name] is JsonArray numbers ? [.. numbers.Select(n => n is null ? throw new InvalidOperationException($"{name} holds null") : n.GetValue<T>())]
            : throw new ArrayFileException($"{file}: '{name}' is missing.");

    internal static JsonArray Numbers<T>(IEnumerable<T> numbers) => [.. numbers.Select(n => JsonValue.Create(n))];
}

/// <summary>Several chunks in one file, found through an index at its end or front.</summary>
/// <param name="Shape">Lengths of what a file holds.</param>
/// <param name="IndexAtEnd">Where the index stands.</param>
/// <param name="IndexHasChecksum">Whether four bytes of CRC-32C follow the index.</param>
internal sealed record ZarrShards(int[] Shape, bool IndexAtEnd, bool IndexHasChecksum)
{
    private const int MostChunks = 1 << 20;

    public void Check(int[] chunks, string file)
    {
        var count = 1L;
        for (var axis = 0; axis < chunks.Length; axis++)
        {
            if (Shape.Length != chunks.Length || Shape[axis] < 1 || Shape[axis] % chunks[axis] != 0 || (count *= Shape[axis] / chunks[axis]) > MostChunks)
            {
                throw new ArrayFileException($"{file}: shards of {Strided.Text(Shape)} do not hold whole chunks of {Strided.Text(chunks)}, or more than {MostChunks}.");
            }
        }
    }
}
