using Orleans.Dask.Arrays;
using Orleans.Dask.Files;

namespace Orleans.Dask;

/// <summary>Zarr arrays: folders of chunk files, of versions 2 and 3.</summary>
public abstract partial class DaskArray
{
    /// <summary>A Zarr array of version 2 or 3, plain or packed by gzip, zlib, zstd or blosc. Its metadata is read now, its chunks by the tasks.</summary>
    /// <typeparam name="T">What it holds; complex64 is read as Complex.</typeparam>
    /// <param name="path">Folder of the array, or of the group it is in.</param>
    /// <param name="component">Path of the array within the group.</param>
    /// <param name="chunks">How to cut; left out: a task per file.</param>
    /// <exception cref="ArrayFileException">No such array, or metadata that is damaged or asks for what is not read.</exception>
    /// <exception cref="DTypeException">It holds another type.</exception>
    public static DaskArray<T> FromZarr<T>(string path, string? component = null, ChunkSpec chunks = default)
        where T : unmanaged => Typed<T>(FromZarr(path, component, chunks), path);

    /// <inheritdoc cref="FromZarr{T}"/>
    public static DaskArray FromZarr(string path, string? component = null, ChunkSpec chunks = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var folder = Path.GetFullPath(Path.Combine(path, component ?? ""));
        var metadata = ZarrMetadata.Open(folder);
        var type = metadata.Type.DType;
        var cut = FileArrays.Chunks(chunks, metadata.Shape, Array.ConvertAll(metadata.FileChunks, n => (long)n), type, folder);

        // Chunk files may change and leave the metadata as it is: each opening is a content of its own.
        return Create(FileArrays.Lower("from-zarr", ArrayToken.Unique(), type, cut, new ZarrReader(folder, metadata)));
    }

    /// <summary>Writes the array as Zarr, a file a chunk, side by side. The array appears when it is whole.</summary>
    /// <param name="path">Folder of the array, or of the group it goes to.</param>
    /// <param name="component">Path of the array within the group, whose folders are marked as groups where they are not.</param>
    /// <param name="options">Version, codec, chunks and the like.</param>
    /// <param name="scheduler">Where; null: the open client, else this process.</param>
    /// <param name="cancellationToken">Stops what is not begun; no array is left.</param>
    /// <exception cref="ArrayFileException">There is one already, and options do not say to overwrite it.</exception>
    public async Task ToZarrAsync(string path, string? component = null, ZarrOptions? options = null, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new ZarrOptions();
        if (options.Version is not (2 or 3) || options.Codec is not (null or "gzip" or "zstd" or "zlib") || (options is { Codec: "zlib", Version: 3 }) || options.Separator is not (null or '.' or '/'))
        {
            throw new ArrayException($"Version {options.Version}, codec '{options.Codec}', separator '{options.Separator}' are not written. Pass version 2 or 3; gzip, zstd, null, or in version 2 zlib; '.' or '/'.");
        }

        var folder = Path.GetFullPath(Path.Combine(path, component ?? ""));
        if (!options.Overwrite && (Directory.Exists(folder) || File.Exists(folder)))
        {
            throw new ArrayFileException($"{folder} is there already. Choose another path, or set Overwrite.");
        }

        var recipe = FileArrays.Known(Recipe);
        var asked = options.Chunks.IsDefault ? recipe.Chunks : options.Chunks.Resolve(recipe.Shape, recipe.Type, recipe.Chunks);
        var lengths = Array.ConvertAll(asked, sizes => checked((int)Math.Max(1, sizes.Max())));
        var source = Rechunk.To(recipe, ((ChunkSpec)lengths).Resolve(recipe.Shape, recipe.Type)).Materialize();
        var metadata = new ZarrMetadata(options.Version, NumpyType.Of(recipe.Type), recipe.Shape, lengths, Constants.Convert(options.FillValue, recipe.Type),
            options.Codec, options.Level, FortranOrder: false, options.Separator ?? (options.Version == 2 ? '.' : '/'));
        await ReplaceAsync(folder, async beside =>
        {
            await FileArrays.WriteAsync("to-zarr", source, new ZarrWriter(beside, metadata), scheduler, cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(beside, metadata.FileName), metadata.Write(), cancellationToken);
            ZarrWriter.MarkGroups(path, component, options.Version);
        });
    }

    /// <summary>Fills a folder beside its place, and puts it there when that has gone well.</summary>
    private static async Task ReplaceAsync(string folder, Func<string, Task> fill)
    {
        var name = Guid.NewGuid().ToString("N");
        var (beside, before) = ($"{folder}.{name}.partial", $"{folder}.{name}.replaced");
        Directory.CreateDirectory(beside);
        try
        {
            await fill(beside);
            if (Directory.Exists(folder))
            {
                Directory.Move(folder, before);
            }

            try
            {
                Directory.Move(beside, folder);
            }
            catch when (Directory.Exists(before))
            {
                Directory.Move(before, folder);
                throw;
            }
        }
        finally
        {
            foreach (var left in (ReadOnlySpan<string>)[beside, before])
            {
                if (Directory.Exists(left))
                {
                    Directory.Delete(left, recursive: true);
                }
            }
        }
    }
}
