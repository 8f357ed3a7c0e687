namespace Orleans.Dask;

/// <summary>How an array is written as Zarr.</summary>
public sealed record ZarrOptions
{
    /// <summary>2 or 3. Default 3.</summary>
    public int Version { get; init; } = 3;

    /// <summary>"gzip", "zstd" (needs libzstd), "zlib" (version 2 only), or null for plain bytes. Default gzip.</summary>
    public string? Codec { get; init; } = "gzip";

    /// <summary>Effort of the codec: 0 to 9 for gzip and zlib, 1 to 22 for zstd. Default 1.</summary>
    public int Level { get; init; } = 1;

    /// <summary>Chunks of the files, all of one length an axis. Default: the array's own, made equal where they are not.</summary>
    public ChunkSpec Chunks { get; init; }

    /// <summary>Between the numbers in names of chunk files: '.' or '/'. Default: that of the version, '.' for 2 and '/' for 3.</summary>
    public char? Separator { get; init; }

    /// <summary>What readers take for chunks that are missing. Default 0.</summary>
    public double FillValue { get; init; }

    /// <summary>Whether an array that is there is replaced. Default: that is an error.</summary>
    public bool Overwrite { get; init; }
}
