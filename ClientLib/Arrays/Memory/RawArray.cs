using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>An array whose elements lie elsewhere, row by row. Any block of it is read straight to where it is wanted.</summary>
/// <param name="type">Of the elements.</param>
/// <param name="shape">Its lengths.</param>
/// <param name="bytes">Where the elements are.</param>
internal sealed unsafe class RawArray(DType type, int[] shape, IRawBytes bytes) : IRawForm
{
    private const int OnePiece = 1 << 30;

    public int[] Dimensions => shape;

    public static void Write(NDArray array, Action<ReadOnlySpan<byte>> write)
    {
        if (array.Size == 0)
        {
            return;
        }

        var rows = Strided.Contiguous(array);
        using (var pin = rows.Pin())
        {
            var first = (byte*)pin.Pointer + ((long)rows.Offset * rows.DType.Size());
            for (long done = 0; done < rows.NBytes; done += OnePiece)
            {
                write(new ReadOnlySpan<byte>(first + done, (int)Math.Min(rows.NBytes - done, OnePiece)));
            }
        }

        if (rows != array)
        {
            Lent.Return(rows);
        }
    }

    public object Read()
    {
        var array = NDArray.Allocate(type, shape);
        ReadInto(array, Array.ConvertAll(shape, n => AxisIndex.Whole(n)));
        return array;
    }

    /// <summary>Fills an array, or a view of one, with some positions of each axis.</summary>
    public void ReadInto(NDArray target, AxisIndex[] axes)
    {
        if (target.Size == 0)
        {
            return;
        }

        if (!Array.TrueForAll(axes, a => a is { List: null, Step: 1 }) || (target.Rank > 0 && target.Dimensions[^1] != 1 && target.Steps[^1] != 1))
        {
            var whole = (NDArray)Read();
            Strided.CopyTo(Indexer.Take(whole, axes), target);
            Lent.Return(whole);
            return;
        }

        // Axes from here on lie together on both sides: they are one run.
        var (axis, run) = (target.Rank, 1);
        while (axis > 0 && (target.Dimensions[axis - 1] == 1 || target.Steps[axis - 1] == run) && (axis == target.Rank || axes[axis].IsWhole(shape[axis])))
        {
            run *= target.Dimensions[--axis];
        }

        var (size, steps) = (type.Size(), Strided.RowMajor(shape));
        using var pin = target.Pin();
        var place = new int[axis];
        do
        {
            long from = 0;
            long to = target.Offset;
            for (var i = 0; i < axes.Length; i++)
            {
                var at = i < axis ? place[i] : 0;
                from += (axes[i].Start + at) * steps[i];
                to += (long)at * target.Steps[i];
            }

            for (long done = 0, length = (long)run * size; done < length; done += OnePiece)
            {
                bytes.Read(new Span<byte>((byte*)pin.Pointer + (to * size) + done, (int)Math.Min(length - done, OnePiece)), (from * size) + done);
            }
        }
        while (Walk.Next(place, target.Dimensions.AsSpan(0, axis)));
    }
}
