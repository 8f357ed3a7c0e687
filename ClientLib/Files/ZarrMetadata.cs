using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orleans.Dask.Files;

/// <summary>A Zarr array as its metadata describes it: versions 2 (<c>.zarray</c>) and 3 (<c>zarr.json</c>) in one form.</summary>
/// <param name="Version">2 or 3.</param>
/// <param name="Type">Element type and byte order of the chunk files.</param>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="Chunks">Lengths of a chunk; chunks at the end are stored whole, filled up.</param>
/// <param name="Fill">Element of chunks that have no file, as JSON; null: zero.</param>
/// <param name="Codec">"gzip", "zlib", "zstd", or null for plain bytes.</param>
/// <param name="Level">Effort of the codec when writing.</param>
/// <param name="FortranOrder">Whether the first axis varies fastest within a chunk.</param>
/// <param name="Separator">Between the places in a chunk file's name.</param>
internal sealed record ZarrMetadata(
    int Version, NumpyType Type, long[] Shape, int[] Chunks, JsonNode? Fill, string? Codec, int Level, bool FortranOrder, char Separator)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private static readonly (string Name, Type Element)[] s_names =
    [
        ("bool", typeof(bool)), ("int8", typeof(sbyte)), ("int16", typeof(short)), ("int32", typeof(int)), ("int64", typeof(long)),
        ("uint8", typeof(byte)), ("uint16", typeof(ushort)), ("uint32", typeof(uint)), ("uint64", typeof(ulong)),
        ("float16", typeof(Half)), ("float32", typeof(float)), ("float64", typeof(double)), ("complex128", typeof(System.Numerics.Complex)),
    ];

    /// <summary>Name of the metadata file.</summary>
    public string FileName => Version == 2 ? ".zarray" : "zarr.json";

    /// <summary>Elements of one chunk file, ends filled up.</summary>
    public int ChunkElements => Chunks.Aggregate(1, (product, length) => checked(product * length));

    /// <summary>File of the chunk at <paramref name="place"/> (one number an axis), relative to the array.</summary>
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
                2 => ParseV2(root, file),
                3 => ParseV3(root, file),
                var other => throw Wrong("zarr_format 2 or 3", other?.ToString(CultureInfo.InvariantCulture) ?? "none"),
            };
            if (metadata.Shape.Length != metadata.Chunks.Length || metadata.Shape.Any(n => n < 0) || metadata.Chunks.Any(n => n < 1) || metadata.Shape.Length > 64)
            {
                throw Wrong("as many chunk lengths (each at least 1) as axes, at most 64", $"shape ({string.Join(", ", metadata.Shape)}), chunks ({string.Join(", ", metadata.Chunks)})");
            }

            _ = checked(metadata.ChunkElements * metadata.Type.Size);
            return metadata;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or System.FormatException or OverflowException)
        {
            throw new ArrayFileException($"{file}: not the metadata of a Zarr array: {e.Message}", e);
        }

        ArrayFileException Wrong(string expected, string found) => new($"{file}: expected {expected}, found {found}.");
    }

    /// <summary>The metadata file's content.</summary>
    public byte[] Write() =>
        JsonSerializer.SerializeToUtf8Bytes(Version == 2 ? WriteV2() : WriteV3(), s_indented);

    private static ZarrMetadata ParseV2(JsonObject root, string file)
    {
        if (root["filters"] is JsonArray { Count: > 0 } filters)
        {
            throw new ArrayFileException($"{file}: filters {filters.ToJsonString()} are not read. Expected none.");
        }

        var compressor = root["compressor"];
        return new ZarrMetadata(
            2,
            NumpyType.Parse((string?)root["dtype"] ?? "", file),
            Numbers<long>(root, "shape", file),
            Numbers<int>(root, "chunks", file),
            root["fill_value"]?.DeepClone(),
            (string?)compressor?["id"],
            (int?)compressor?["level"] ?? 1,
            (string?)root["order"] == "F",
            ((string?)root["dimension_separator"] ?? ".")[0]);
    }

    private static ZarrMetadata ParseV3(JsonObject root, string file)
    {
        var name = (string?)root["data_type"];
        var element = Array.Find(s_names, n => n.Name == name).Element
            ?? throw new ArrayFileException($"{file}: elements are of type '{name}', which is not read. Expected one of {string.Join(", ", s_names.Select(n => n.Name))}.");
        if ((string?)root["chunk_grid"]?["name"] != "regular")
        {
            throw new ArrayFileException($"{file}: chunk grid '{root["chunk_grid"]?["name"]}' is not read. Expected 'regular'.");
        }

        var type = NumpyType.Of(element);
        string? codec = null;
        var level = 1;
        foreach (var step in root["codecs"]?.AsArray() ?? [])
        {
            switch ((string?)step?["name"])
            {
                case "bytes":
                    type = type with { IsBigEndian = (string?)step["configuration"]?["endian"] == "big" };
                    break;
                case "gzip" or "zstd" when codec is null:
                    codec = (string?)step["name"];
                    level = (int?)step["configuration"]?["level"] ?? 1;
                    break;
                default:
                    throw new ArrayFileException($"{file}: codec {step?.ToJsonString()} is not read. Expected bytes, then gzip or zstd or nothing.");
            }
        }

        var keys = root["chunk_key_encoding"];
        return new ZarrMetadata(
            (string?)keys?["name"] is null or "default" ? 3 : throw new ArrayFileException($"{file}: chunk keys '{keys["name"]}' are not read. Expected 'default'."),
            type,
            Numbers<long>(root, "shape", file),
            Numbers<int>(root["chunk_grid"]?["configuration"]?.AsObject() ?? [], "chunk_shape", file),
            root["fill_value"]?.DeepClone(),
            codec,
            level,
            FortranOrder: false,
            ((string?)keys?["configuration"]?["separator"] ?? "/")[0]);
    }

    private JsonObject WriteV2() => new()
    {
        ["zarr_format"] = 2,
        ["shape"] = new JsonArray([.. Shape.Select(n => (JsonNode)n)]),
        ["chunks"] = new JsonArray([.. Chunks.Select(n => (JsonNode)n)]),
        ["dtype"] = Type.ToString(),
        ["compressor"] = Codec is null ? null : new JsonObject { ["id"] = Codec, ["level"] = Level },
        ["fill_value"] = Fill?.DeepClone() ?? (Type.Element == typeof(bool) ? false : 0),
        ["order"] = FortranOrder ? "F" : "C",
        ["filters"] = null,
        ["dimension_separator"] = Separator.ToString(),
    };

    private JsonObject WriteV3()
    {
        var element = Type.Element;
        var bytes = new JsonObject { ["name"] = "bytes" };
        if (Type.Size > 1)
        {
            bytes["configuration"] = new JsonObject { ["endian"] = Type.IsBigEndian ? "big" : "little" };
        }

        var codecs = new JsonArray(bytes);
        if (Codec is not null)
        {
            var configuration = new JsonObject { ["level"] = Level };
            if (Codec == "zstd")
            {
                configuration["checksum"] = false;
            }

            codecs.Add(new JsonObject { ["name"] = Codec, ["configuration"] = configuration });
        }

        return new JsonObject
        {
            ["zarr_format"] = 3,
            ["node_type"] = "array",
            ["shape"] = new JsonArray([.. Shape.Select(n => (JsonNode)n)]),
            ["data_type"] = Array.Find(s_names, n => n.Element == element).Name,
            ["chunk_grid"] = new JsonObject { ["name"] = "regular", ["configuration"] = new JsonObject { ["chunk_shape"] = new JsonArray([.. Chunks.Select(n => (JsonNode)n)]) } },
            ["chunk_key_encoding"] = new JsonObject { ["name"] = "default", ["configuration"] = new JsonObject { ["separator"] = Separator.ToString() } },
            ["fill_value"] = Fill?.DeepClone() ?? (element == typeof(bool) ? false : element == typeof(System.Numerics.Complex) ? new JsonArray(0.0, 0.0) : 0),
            ["codecs"] = codecs,
            ["attributes"] = new JsonObject(),
        };
    }

    private static T[] Numbers<T>(JsonObject parent, string name, string file) =>
        parent[name] is JsonArray numbers ? [.. numbers.Select(n => n is null ? throw new InvalidOperationException($"{name} holds null") : n.GetValue<T>())]
            : throw new ArrayFileException($"{file}: '{name}' is missing.");
}
