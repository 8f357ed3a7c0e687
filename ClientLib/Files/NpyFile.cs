using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>One array in a file of its own.</summary>
internal static class NpyFile
{
    /// <summary>Written beside its place and put there whole.</summary>
    public static void Save(string path, NDArray array)
    {
        var shape = Array.ConvertAll(array.Dimensions, n => (long)n);
        using var partial = new PartialFile(path);
        var writer = Begin(partial, shape, array.DType);
        writer.Write(new long[shape.Length], array);
        partial.Commit();
    }

    /// <summary>Header and full length; the elements are still zero.</summary>
    public static FileRegionWriter Begin(PartialFile partial, long[] shape, DType type)
    {
        var header = NpyHeader.Write(NumpyType.Of(type), shape);
        partial.Create(header, checked(header.Length + (Shapes.Size(shape) * type.Size())));
        return new FileRegionWriter(partial.Path, header.Length, shape);
    }

    public static NDArray Load(string path)
    {
        var header = NpyHeader.ReadFile(path);
        return new FileRegion(path, header.DataOffset, header.Type, header.Shape, header.FortranOrder).Read(new long[header.Shape.Length], Lengths(header.Shape, path));
    }

    /// <summary>A shape that fits into memory.</summary>
    public static int[] Lengths(long[] shape, string file) => Shapes.Size(shape) <= int.MaxValue && Array.TrueForAll(shape, n => n <= int.MaxValue) ? Array.ConvertAll(shape, n => (int)n)
        : throw new ArrayFileException($"{file} holds an array of shape {Strided.Text(shape)}, more than {int.MaxValue} elements. Read it in chunks, with DaskArray.FromNpyFile.");
}
