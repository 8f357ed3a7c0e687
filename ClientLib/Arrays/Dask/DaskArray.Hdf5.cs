using Orleans.Dask.Files;

namespace Orleans.Dask;

/// <summary>Datasets of HDF5 files: read by ourselves, made by the system's libhdf5.</summary>
public abstract partial class DaskArray
{
    /// <summary>
    /// A dataset of an HDF5 file, read without libhdf5, side by side: runs and chunks of numbers, plain, deflated, shuffled
    /// and with checksums, from the oldest files (layout 1) to those of HDF5 1.14 (layout 4); types may be committed ones.
    /// Damaged and hostile files are refused, whatever they claim.
    /// </summary>
    /// <typeparam name="T">What it holds; complex64 is read as Complex, h5py's bool and complex as such.</typeparam>
    /// <param name="path">The file; on a cluster, every silo must see it there.</param>
    /// <param name="dataset">Path of the dataset within it, such as <c>/group/x</c>.</param>
    /// <param name="chunks">How to cut; left out: whole chunks of the file, about 16 MiB together.</param>
    /// <param name="trusted">
    /// True: libhdf5 reads it, with all the format has (szip, n-bit, virtual datasets, external files), one part at a time in each process.
    /// A damaged file can then crash the process or hang it: only for files of people you trust.
    /// </param>
    /// <exception cref="ArrayFileException">No such dataset, a damaged file, or something that is not read; <paramref name="trusted"/>: or no libhdf5.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="DTypeException">It holds another type.</exception>
    public static DaskArray<T> FromHdf5<T>(string path, string dataset, ChunkSpec chunks = default, bool trusted = false)
        where T : unmanaged => Typed<T>(FromHdf5(path, dataset, chunks, trusted), $"{path} ({dataset})");

    /// <inheritdoc cref="FromHdf5{T}"/>
    public static DaskArray FromHdf5(string path, string dataset, ChunkSpec chunks = default, bool trusted = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentException.ThrowIfNullOrEmpty(dataset);
        path = Path.GetFullPath(path);
        var found = trusted ? Hdf5Library.Open(path, dataset) : Hdf5Dataset.Open(path, dataset);
        var type = found.Type.DType;
        var name = $"{path} ({dataset})";
        var cut = found.Chunks is { } own ? FileArrays.Chunks(chunks, found.Shape, Whole(found.Shape, own, type), type, name)
            : FileArrays.Chunks(chunks, found.Shape, type, fortranOrder: false, name);
        return Create(FileArrays.Lower("from-hdf5", $"{FileArrays.Content(path)}|{dataset}", type, cut, found.Reader));
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
