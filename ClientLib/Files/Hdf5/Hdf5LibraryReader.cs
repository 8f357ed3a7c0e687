using System.Runtime.InteropServices;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Reads any part of a dataset through libhdf5, which unpacks and converts. One read at a time in a process.</summary>
internal sealed unsafe class Hdf5LibraryReader(string path, string name, DType type) : BlockReader
{
    private const int Select = 0;

    public override NDArray Read(long[] origin, int[] shape)
    {
        var result = NDArray.Allocate(type, shape);
        if (result.Size == 0)
        {
            return result;
        }

        Hdf5.Require(path);
        var rank = shape.Length;
        var start = stackalloc ulong[rank];
        var count = stackalloc ulong[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            (start[axis], count[axis]) = ((ulong)origin[axis], (ulong)shape[axis]);
        }

        // Memory that was used before begins on a cache line, not at its buffer's start.
        using var pin = result.Pin();
        var target = StoredElements.First(result, pin);

        // Chunks that were never written and have no fill value leave the buffer as it is.
        NativeMemory.Clear(target, (nuint)result.NBytes);
        lock (Hdf5.Gate)
        {
            using var file = Hdf5Handle.Check(Hdf5.H5Fopen(path, 0, 0), Hdf5.H5Fclose, path);
            using var dataset = Hdf5Handle.Check(Hdf5.H5Dopen2(file.Id, name, 0), Hdf5.H5Dclose, $"{path}: dataset '{name}'");
            using var from = Hdf5Handle.Check(Hdf5.H5Dget_space(dataset.Id), Hdf5.H5Sclose, $"{path}: the shape of '{name}'");
            using var to = Hdf5Handle.Check(rank == 0 ? Hdf5.H5Screate(0) : Hdf5.H5Screate_simple(rank, count, null), Hdf5.H5Sclose, $"{path}: a shape");
            using var memory = Hdf5Library.MemoryType(type, path);
            if ((rank > 0 && (Hdf5.H5Sget_simple_extent_ndims(from.Id) != rank || Hdf5.H5Sselect_hyperslab(from.Id, Select, start, null, count, null) < 0))
                || Hdf5.H5Dread(dataset.Id, memory.Id, to.Id, from.Id, 0, target) < 0)
            {
                throw new ArrayFileException($"{path}: {Strided.Text(shape)} elements at {Strided.Text(origin)} of dataset '{name}' could not be read. libhdf5: {Hdf5.Reason()}.");
            }
        }

        NumpyType.Of(type).ToNative(type == DType.Bool ? new Span<byte>(target, result.Size) : []);
        return result;
    }
}
