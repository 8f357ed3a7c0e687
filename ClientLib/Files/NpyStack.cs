using System.Globalization;
using System.Text;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>A folder of .npy files, one a chunk along one axis, with a file 'info' that dask.array reads and writes.</summary>
internal static class NpyStack
{
    private const int LongestInfo = 64 << 20;

    public static string File(string folder, int index) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{index}.npy"));

    /// <summary>Element type and chunks, and along which axis the files follow each other.</summary>
    public static (NpyHeader First, long[][] Chunks, int Axis) Open(string folder)
    {
        var path = Path.Combine(folder, "info");
        if (!System.IO.File.Exists(path))
        {
            throw new ArrayFileException($"{folder} is not a stack of .npy files: it has no file 'info'. Pass the folder that ToNpyStack wrote.");
        }

        var info = new FileInfo(path);
        if (info.Length > LongestInfo)
        {
            throw new ArrayFileException($"{path} has {info.Length} bytes, more than any stack's description.");
        }

        var (chunks, axis) = new StackInfo(System.IO.File.ReadAllBytes(path), path).Read();
        var header = NpyHeader.ReadFile(File(folder, 0));
        return (header, chunks, axis);
    }

    /// <summary>The description, as a pickle of text: a dictionary of chunks, dtype and axis.</summary>
    public static byte[] Info(long[][] chunks, DType type, int axis)
    {
        var text = new StringBuilder("(dVchunks\n");
        text.Append('(');
        foreach (var sizes in chunks)
        {
            text.Append('(');
            foreach (var size in sizes)
            {
                text.Append(CultureInfo.InvariantCulture, $"I{size}\n");
            }

            text.Append('t');
        }

        // numpy.dtype('f8') with its state: version 3, byte order, and nothing else.
        var order = type.Size() == 1 ? '|' : '<';
        text.Append(CultureInfo.InvariantCulture, $"tsVdtype\ncnumpy\ndtype\n(V{NumpyType.Of(type).Kind}\nI00\nI01\ntR(I3\nV{order}\nNNNI-1\nI-1\nI0\ntbsVaxis\nI{axis}\ns.");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}

/// <summary>Reads the chunk of a stack that a task asks for; each is a file of its own.</summary>
internal sealed class NpyStackReader(string folder, NumpyType type, long[][] chunks, int axis) : BlockReader
{
    public override NDArray Read(long[] origin, int[] shape)
    {
        if (Array.IndexOf(shape, 0) >= 0)
        {
            return NDArray.Allocate(type.DType, shape);
        }

        var (index, before) = (0, 0L);
        while (before < origin[axis] || chunks[axis][index] == 0)
        {
            before += chunks[axis][index++];
        }

        var path = NpyStack.File(folder, index);
        var header = NpyHeader.ReadFile(path);
        if (header.Type.DType != type.DType || !header.Shape.Select(n => (int)n).SequenceEqual(shape))
        {
            throw new ArrayFileException($"{path} holds {Strided.Text(header.Shape)} of {header.Type}, but the stack's description says {Strided.Text(shape)} of {type}.");
        }

        return new FileRegion(path, header.DataOffset, header.Type, header.Shape, header.FortranOrder).Read(new long[shape.Length], shape);
    }
}

/// <summary>Writes each block as a file.</summary>
internal sealed class NpyStackWriter(string folder, long[][] chunks, int axis) : BlockWriter
{
    public override void Write(long[] origin, NDArray block)
    {
        var (index, before) = (0, 0L);
        while (before < origin[axis])
        {
            before += chunks[axis][index++];
        }

        NpyFile.Save(NpyStack.File(folder, index), block);
    }
}
