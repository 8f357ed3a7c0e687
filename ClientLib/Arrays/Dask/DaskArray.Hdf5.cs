using Orleans.Dask.Files;

namespace Orleans.Dask;

/// <summary>Datasets of HDF5 files, through the system's libhdf5.</summary>
public abstract partial class DaskArray
{
    /// <summary>
    /// A dataset of an HDF5 file. What lies in the file as it is, is read as an .npy file is; what is chunked or packed goes
    /// through libhdf5, a part at a time in each process.
    /// </summary>
    /// <remarks>libhdf5 follows the file's own structures, and is no guard against files made to break it: open only those of people you trust.</remarks>
    /// <typeparam name="T">What it holds; complex64 is read as Complex, h5py's bool and complex as such.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="dataset">Path of the dataset within it, such as <c>/group/x</c>.</param>
    /// <param name="chunks">How to cut; left out: whole chunks of the file, about 16 MiB together.</param>
    /// <exception cref="ArrayFileException">No such file or dataset, a type that is not read, or no libhdf5.</exception>
    /// <exception cref="DTypeException">It holds another type.</exception>
    public static DaskArray<T> FromHdf5<T>(string path, string dataset, ChunkSpec chunks = default)
        where T : unmanaged => Typed<T>(FromHdf5(path, dataset, chunks), $"{path} ({dataset})");

    /// <inheritdoc cref="FromHdf5{T}"/>
    public static DaskArray FromHdf5(string path, string dataset, ChunkSpec chunks = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentException.ThrowIfNullOrEmpty(dataset);
        path = Path.GetFullPath(path);
        var found = Hdf5Dataset.Open(path, dataset);
        var type = found.Type.DType;
        var name = $"{path} ({dataset})";
        BlockReader reader = found.Offset is { } offset ? new FileRegion(path, offset, found.Type, found.Shape, fortranOrder: false) : new Hdf5Reader(path, dataset, type);
        var cut = found.Chunks is { } own ? FileArrays.Chunks(chunks, found.Shape, Whole(found.Shape, own, type), type, name)
            : FileArrays.Chunks(chunks, found.Shape, type, fortranOrder: false, name);
        return Create(FileArrays.Lower("from-hdf5", $"{FileArrays.Content(path)}|{dataset}", type, cut, reader));
    }

    /// <summary>Writes arrays as the datasets of a new HDF5 file, uncompressed, their chunks side by side; it appears when it is whole.</summary>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="datasets">By path within the file; groups are made as needed.</param>
    /// <param name="scheduler">Where; null: the open client, else this process. libhdf5 is needed here only.</param>
    /// <param name="cancellationToken">Stops what is not begun; no file is left.</param>
    public static async Task ToHdf5Async(string path, IReadOnlyDictionary<string, DaskArray> datasets, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        using var partial = new PartialFile(path);
        var arrays = datasets.Select(d => (Name: d.Key, Array: FileArrays.Known(d.Value.Recipe).Materialize())).ToList();
        var offsets = Hdf5File.Create(partial.Path, arrays);
        for (var i = 0; i < offsets.Length; i++)
        {
            await FileArrays.WriteAsync("to-hdf5", arrays[i].Array, new FileRegionWriter(partial.Path, offsets[i], arrays[i].Array.Shape), scheduler, cancellationToken);
        }

        partial.Commit();
    }

    /// <inheritdoc cref="ToHdf5Async(string, IReadOnlyDictionary{string, DaskArray}, IGraphScheduler?, CancellationToken)"/>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="dataset">Path of the array within it.</param>
    public Task ToHdf5Async(string path, string dataset, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default) =>
        ToHdf5Async(path, new Dictionary<string, DaskArray> { [dataset] = this }, scheduler, cancellationToken);

    /// <summary>As many whole chunks of a file, the last axis first, as make about 16 MiB.</summary>
    private static long[] Whole(long[] shape, long[] own, DType type)
    {
        var lengths = Array.ConvertAll(own, n => Math.Max(1, n));
        var room = Math.Max(1, ChunkSpec.AutoBytes / type.Size() / Math.Max(1, lengths.Aggregate(1L, (a, b) => Math.Min(long.MaxValue / b, a) * b)));
        for (var axis = lengths.Length - 1; axis >= 0 && room > 1; axis--)
        {
            var along = Math.Clamp((shape[axis] + lengths[axis] - 1) / lengths[axis], 1, room);
            lengths[axis] *= along;
            room /= along;
        }

        return lengths;
    }
}
