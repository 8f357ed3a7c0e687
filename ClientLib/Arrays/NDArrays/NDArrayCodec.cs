using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Shape and elements in row-major order, one block. A view sends what it shows, not the buffer behind it; and since strides and
/// offset never travel, no bytes can make a kernel, which walks by pointer, step outside.
/// </summary>
internal sealed class NDArrayCodec<T> : PayloadCodec<NDArray<T>>
    where T : unmanaged
{
    private const int MostAxes = 64;

    /// <inheritdoc/>
    public override void Write(PayloadWriter writer, NDArray<T> value)
    {
        writer.WriteVarUInt((uint)value.Rank);
        foreach (var length in value.Shape)
        {
            writer.WriteVarUInt((uint)length);
        }

        var rows = value.IsContiguous ? value : (NDArray<T>)Strided.Copy(value);
        writer.WriteBlock((T[])rows.Buffer, rows.Offset, rows.Size);
    }

    /// <inheritdoc/>
    public override NDArray<T> Read(ref PayloadReader reader)
    {
        var rank = reader.ReadVarUInt();
        if (rank > MostAxes)
        {
            PayloadReader.Fail($"an array of {rank:N0} axes is announced; {MostAxes} are the most.");
        }

        var shape = new int[rank];
        var (size, isEmpty) = (1L, false);
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var length = reader.ReadVarUInt();
            isEmpty |= length == 0;
            if (length > int.MaxValue || (size *= Math.Max(1, (long)length)) > int.MaxValue)
            {
                PayloadReader.Fail($"axis {axis} announces {length:N0} elements; an array has at most {int.MaxValue:N0}.");
            }

            shape[axis] = (int)length;
        }

        var elements = reader.ReadBlock<T>(isEmpty ? 0 : (int)size);
        if (typeof(T) == typeof(bool))
        {
            var bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(elements)), elements.Length);
            if (bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var bad)
            {
                PayloadReader.Fail($"element {bad} is {bytes[bad]}, where true (1) or false (0) is expected.");
            }
        }

        return new NDArray<T>(elements, shape);
    }
}
