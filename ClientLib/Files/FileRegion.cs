using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>
/// Elements that lie in a file one after the other, uncompressed. A part that lies together is read straight into its
/// array; any other is taken from the file mapped into memory.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="offset">Bytes before the first element.</param>
/// <param name="type">Of the elements.</param>
/// <param name="shape">All of them.</param>
/// <param name="fortranOrder">Whether the first axis varies fastest.</param>
internal sealed unsafe class FileRegion(string path, long offset, NumpyType type, long[] shape, bool fortranOrder) : BlockReader
{
    public override NDArray Read(long[] origin, int[] size)
    {
        if (Array.IndexOf(size, 0) >= 0)
        {
            return NDArray.Allocate(type.DType, size);
        }

        var steps = StoredElements.Steps(shape, fortranOrder);
        long first = 0, last = 0;
        for (var axis = 0; axis < size.Length; axis++)
        {
            first += origin[axis] * steps[axis];
            last += (origin[axis] + size[axis] - 1) * steps[axis];
        }

        using var file = File.OpenHandle(path);
        var (begin, end) = (checked(offset + (first * type.Size)), checked(offset + ((last + 1) * type.Size)));
        var length = RandomAccess.GetLength(file);
        if (begin < 0 || end > length)
        {
            throw new ArrayFileException($"{path} has {length} bytes, but elements up to byte {end} are wanted. The file was cut off after it was opened.");
        }

        return type.IsAsInMemory && IsRowMajor(size, steps)
            ? ReadRun(file, begin, size) : ReadMapped(file, begin, end - begin, steps, size);
    }

    private static bool IsRowMajor(int[] size, long[] steps)
    {
        long step = 1;
        for (var axis = size.Length - 1; axis >= 0; axis--)
        {
            if (size[axis] != 1 && steps[axis] != step)
            {
                return false;
            }

            step *= size[axis];
        }

        return true;
    }

    private NDArray ReadRun(SafeFileHandle file, long begin, int[] size)
    {
        var result = NDArray.Allocate(type.DType, size);
        using var pin = result.Pin();
        var first = StoredElements.First(result, pin);
        for (long done = 0; done < result.NBytes;)
        {
            var read = RandomAccess.Read(file, new Span<byte>(first + done, (int)Math.Min(result.NBytes - done, 1 << 30)), begin + done);
            if (read == 0)
            {
                throw new ArrayFileException($"{path} ends at byte {begin + done}, but elements up to byte {begin + result.NBytes} are wanted. The file was cut off after it was opened.");
            }

            done += read;
        }

        for (long done = 0; done < result.NBytes; done += 1 << 30)
        {
            type.ToNative(new Span<byte>(first + done, (int)Math.Min(result.NBytes - done, 1 << 30)));
        }

        return result;
    }

    private NDArray ReadMapped(SafeFileHandle file, long begin, long length, long[] steps, int[] size)
    {
        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = map.CreateViewAccessor(begin, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return StoredElements.Read(type, start + view.PointerOffset, steps, size);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}

/// <summary>Writes blocks to their places in a file that has its full length already; row-major, little-endian.</summary>
internal sealed unsafe class FileRegionWriter(string path, long offset, long[] shape) : BlockWriter
{
    public override void Write(long[] origin, NDArray block)
    {
        if (block.Size == 0)
        {
            return;
        }

        var rows = Strided.Contiguous(block);
        var steps = StoredElements.Steps(shape, fortranOrder: false);
        var size = rows.DType.Size();

        // Axes from here on lie together in the file: they are one run.
        var axis = rows.Rank;
        var run = 1;
        while (axis > 0 && (axis == rows.Rank || rows.Dimensions[axis] == shape[axis]))
        {
            axis--;
            run *= rows.Dimensions[axis];
        }

        // Not created here: what comes late finds the file gone, and leaves nothing behind.
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using var pin = rows.Pin();
        var from = StoredElements.First(rows, pin);
        var outer = rows.Dimensions.AsSpan(0, axis);
        var place = new int[axis];
        do
        {
            long to = 0;
            for (var i = 0; i < shape.Length; i++)
            {
                to += (origin[i] + (i < axis ? place[i] : 0)) * steps[i];
            }

            for (long done = 0, bytes = (long)run * size; done < bytes; done += 1 << 30)
            {
                RandomAccess.Write(file, new ReadOnlySpan<byte>(from + done, (int)Math.Min(bytes - done, 1 << 30)), offset + (to * size) + done);
            }

            from += (long)run * size;
        }
        while (Walk.Next(place, outer));
    }
}
