using System.Text.Json.Nodes;

namespace Orleans.Dask.Files;

/// <summary>The metadata of Zarr 2, a file <c>.zarray</c>.</summary>
internal static class ZarrVersion2
{
    public static ZarrMetadata Parse(JsonObject root, string file)
    {
        if (root["filters"] is JsonArray { Count: > 0 } filters)
        {
            throw new ArrayFileException($"{file}: filters {filters.ToJsonString()} are not read. Expected none.");
        }

        var type = NumpyType.Parse((string?)root["dtype"] ?? "", file);
        var compressor = root["compressor"] as JsonObject;
        return new ZarrMetadata(
            2,
            type,
            ZarrMetadata.Numbers<long>(root, "shape", file),
            ZarrMetadata.Numbers<int>(root, "chunks", file),
            ZarrFill.Parse(root["fill_value"], type, file),
            Compression.Known((string?)compressor?["id"], file),
            (int?)compressor?["level"] ?? 1,
            (string?)root["order"] == "F",
            (string?)root["dimension_separator"] is { Length: 1 } separator ? separator[0] : '.');
    }

    public static JsonObject Write(ZarrMetadata metadata) => new()
    {
        ["zarr_format"] = 2,
        ["shape"] = ZarrMetadata.Numbers(metadata.Shape),
        ["chunks"] = ZarrMetadata.Numbers(metadata.Chunks),
        ["dtype"] = metadata.Type.ToString(),
        ["compressor"] = metadata.Codec is null ? null : new JsonObject { ["id"] = metadata.Codec, ["level"] = metadata.Level },
        ["fill_value"] = ZarrFill.Write(metadata.Fill),
        ["order"] = metadata.FortranOrder ? "F" : "C",
        ["filters"] = null,
        ["dimension_separator"] = metadata.Separator.ToString(),
    };
}
