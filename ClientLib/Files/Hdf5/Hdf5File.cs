using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Makes HDF5 files whose elements lie together, so that blocks are written to their places without the library, side by side.</summary>
internal static unsafe class Hdf5File
{
    private const uint Fail = 4;
    private const int Early = 1, Never = 1;

    /// <summary>A file with room for every dataset.</summary>
    /// <returns>Where the elements of each lie.</returns>
    public static long[] Create(string path, IReadOnlyList<(string Name, SourceRecipe Array)> datasets)
    {
        Hdf5.Require(path);
        lock (Hdf5.Gate)
        {
            using var file = Hdf5Handle.Check(Hdf5.H5Fcreate(path, Fail, 0, 0), Hdf5.H5Fclose, path);
            using var links = Hdf5Handle.Check(Hdf5.H5Pcreate(Hdf5.Variable("H5P_CLS_LINK_CREATE_ID_g")), Hdf5.H5Pclose, path);
            using var layout = Hdf5Handle.Check(Hdf5.H5Pcreate(Hdf5.Variable("H5P_CLS_DATASET_CREATE_ID_g")), Hdf5.H5Pclose, path);
            Hdf5.Check(Hdf5.H5Pset_create_intermediate_group(links.Id, 1), path);
            Hdf5.Check(Hdf5.H5Pset_alloc_time(layout.Id, Early), path);
            Hdf5.Check(Hdf5.H5Pset_fill_time(layout.Id, Never), path);
            var offsets = new long[datasets.Count];
            for (var i = 0; i < offsets.Length; i++)
            {
                offsets[i] = Add(path, file.Id, links.Id, layout.Id, datasets[i].Name, datasets[i].Array);
            }

            return offsets;
        }
    }

    private static long Add(string path, long file, long links, long layout, string name, SourceRecipe array)
    {
        var lengths = stackalloc ulong[array.Rank];
        for (var axis = 0; axis < array.Rank; axis++)
        {
            lengths[axis] = (ulong)array.Shape[axis];
        }

        using var space = Hdf5Handle.Check(array.Rank == 0 ? Hdf5.H5Screate(0) : Hdf5.H5Screate_simple(array.Rank, lengths, null), Hdf5.H5Sclose, $"{path}: the shape of '{name}'");
        using var type = array.Type == DType.Bool ? Hdf5Library.Truth(path) : Hdf5Library.MemoryType(array.Type, path);
        using var dataset = Hdf5Handle.Check(Hdf5.H5Dcreate2(file, name, type.Id, space.Id, links, layout, 0), Hdf5.H5Dclose, $"{path}: a new dataset '{name}'");
        var offset = Hdf5.H5Dget_offset(dataset.Id);
        return offset != ulong.MaxValue ? (long)offset
            : Shapes.Size(array.Shape) == 0 ? 0
            : throw new ArrayFileException($"{path}: libhdf5 has made no room for dataset '{name}': {Hdf5.Reason()}.");
    }
}
