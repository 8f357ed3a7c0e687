using System.Text.Json.Nodes;

namespace Orleans.Dask.Files;

/// <summary>The metadata of Zarr 3, a file <c>zarr.json</c>.</summary>
internal static class ZarrVersion3
{
    public static ZarrMetadata Parse(JsonObject root, string file)
    {
        if ((string?)root["node_type"] is not (null or "array"))
        {
            throw new ArrayFileException($"{file} describes a {(string?)root["node_type"]}. Name one of its arrays as component.");
        }

        var type = NumpyType.ParseName((string?)root["data_type"], file);
        var grid = root["chunk_grid"];
        if ((string?)grid?["name"] != "regular")
        {
            throw new ArrayFileException($"{file}: chunk grid '{(string?)grid?["name"]}' is not read. Expected 'regular'.");
        }

        var keys = root["chunk_key_encoding"];
        if ((string?)keys?["name"] is not (null or "default"))
        {
            throw new ArrayFileException($"{file}: chunk keys '{(string?)keys["name"]}' are not read. Expected 'default'.");
        }

        var metadata = new ZarrMetadata(
            3,
            type,
            ZarrMetadata.Numbers<long>(root, "shape", file),
            ZarrMetadata.Numbers<int>(grid["configuration"], "chunk_shape", file),
            ZarrFill.Parse(root["fill_value"], type, file),
            Codec: null,
            Level: 1,
            FortranOrder: false,
            (string?)keys?["configuration"]?["separator"] is { Length: 1 } separator ? separator[0] : '/');
        return Codecs(metadata, root["codecs"] as JsonArray ?? [], file);
    }

    public static JsonObject Write(ZarrMetadata metadata)
    {
        var bytes = new JsonObject { ["name"] = "bytes" };
        if (metadata.Type.Size > 1)
        {
            bytes["configuration"] = new JsonObject { ["endian"] = metadata.Type.IsBigEndian ? "big" : "little" };
        }

        var codecs = new JsonArray(bytes);
        if (metadata.Codec is { } codec)
        {
            var configuration = new JsonObject { ["level"] = metadata.Level };
            if (codec == "zstd")
            {
                configuration["checksum"] = false;
            }

            codecs.Add(new JsonObject { ["name"] = codec, ["configuration"] = configuration });
        }

        return new JsonObject
        {
            ["zarr_format"] = 3,
            ["node_type"] = "array",
            ["shape"] = ZarrMetadata.Numbers(metadata.Shape),
            ["data_type"] = metadata.Type.Name,
            ["chunk_grid"] = new JsonObject { ["name"] = "regular", ["configuration"] = new JsonObject { ["chunk_shape"] = ZarrMetadata.Numbers(metadata.Chunks) } },
            ["chunk_key_encoding"] = new JsonObject { ["name"] = "default", ["configuration"] = new JsonObject { ["separator"] = metadata.Separator.ToString() } },
            ["fill_value"] = ZarrFill.Write(metadata.Fill),
            ["codecs"] = codecs,
            ["attributes"] = new JsonObject(),
        };
    }

    /// <summary>The chain from elements to a file's bytes: transpose, then bytes or shards, then what packs them.</summary>
    private static ZarrMetadata Codecs(ZarrMetadata metadata, JsonArray steps, string file)
    {
        foreach (var step in steps)
        {
            var configuration = step?["configuration"];
            switch ((string?)step?["name"])
            {
                case "transpose" when metadata.Codec is null && metadata.Shards is null && Order(configuration, metadata.Chunks.Length) is { } fortran:
                    metadata = metadata with { FortranOrder = fortran };
                    break;
                case "bytes":
                    metadata = metadata with { Type = metadata.Type with { IsBigEndian = (string?)configuration?["endian"] == "big" } };
                    break;
                case "gzip" or "zstd" or "blosc" when metadata.Codec is null && metadata.Shards is null && !metadata.HasChecksum:
                    metadata = metadata with { Codec = (string?)step["name"], Level = (int?)configuration?["level"] ?? (int?)configuration?["clevel"] ?? 1 };
                    break;
                case "crc32c" when !metadata.HasChecksum && metadata.Shards is null:
                    metadata = metadata with { HasChecksum = true };
                    break;
                case "sharding_indexed" when metadata is { Codec: null, Shards: null, HasChecksum: false, FortranOrder: false }:
                    var index = configuration?["index_codecs"] as JsonArray ?? [];
                    if (!index.All(i => (string?)i?["name"] is "bytes" or "crc32c") || index.Any(i => (string?)i?["configuration"]?["endian"] == "big"))
                    {
                        throw new ArrayFileException($"{file}: a shard index by {index.ToJsonString()} is not read. Expected bytes (little-endian), with or without crc32c.");
                    }

                    var shards = new ZarrShards(metadata.Chunks, (string?)configuration?["index_location"] != "start", index.Any(i => (string?)i?["name"] == "crc32c"));
                    metadata = Codecs(metadata with { Chunks = ZarrMetadata.Numbers<int>(configuration, "chunk_shape", file) }, configuration?["codecs"] as JsonArray ?? [], file);
                    metadata = metadata.Shards is null ? metadata with { Shards = shards }
                        : throw new ArrayFileException($"{file}: shards within shards are not read.");
                    break;
                default:
                    throw new ArrayFileException($"{file}: codec {step?.ToJsonString()} is not read here. Expected transpose, then bytes or sharding_indexed, then gzip, zstd or blosc, then crc32c; all but bytes may be left out.");
            }
        }

        return metadata;
    }

    /// <summary>True for axes turned around, false for axes as they are, null for any other order.</summary>
    private static bool? Order(JsonNode? configuration, int rank)
    {
        if (configuration?["order"] is JsonValue word && word.TryGetValue<string>(out var name))
        {
            return name switch { "F" => true, "C" => false, _ => null };
        }

        int[] order = configuration?["order"] is JsonArray axes ? [.. axes.Select(a => (int)a!)] : [];
        return order.SequenceEqual(Enumerable.Range(0, rank)) ? false
            : order.SequenceEqual(Enumerable.Range(0, rank).Reverse()) ? true : null;
    }
}
