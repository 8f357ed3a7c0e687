using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>An array travels as its shape and its elements in row-major order: a view takes along what it shows, not the buffer behind it.</summary>
/// <typeparam name="T">The elements.</typeparam>
public sealed class NDArrayCodec<T> : PayloadCodec<NDArray<T>>
    where T : unmanaged
{
    private const int MaxRank = 32;

    /// <inheritdoc/>
    public override void Write(PayloadWriter writer, NDArray<T> value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteVarUInt((ulong)value.Rank);
        foreach (var length in value.Dimensions)
        {
            writer.WriteVarUInt((ulong)length);
        }

        if (value.IsContiguous)
        {
            writer.WriteBlock((T[])value.Buffer, value.Offset, value.Size);
        }
        else
        {
            writer.WriteBlock(value.Span);
        }
    }

    /// <inheritdoc/>
    public override NDArray<T> Read(ref PayloadReader reader)
    {
        var rank = reader.ReadVarUInt();
        if (rank > MaxRank)
        {
            PayloadReader.Fail($"an array of {rank} axes; at most {MaxRank} travel.");
        }

        var shape = new int[rank];
        UInt128 size = 1;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var length = reader.ReadVarUInt();
            if (length > int.MaxValue)
            {
                PayloadReader.Fail($"an axis of length {length}; arrays in memory are shorter.");
            }

            shape[axis] = (int)length;
            size *= length;
        }

        if (size > int.MaxValue)
        {
            PayloadReader.Fail($"an array of {size} elements; arrays in memory hold fewer.");
        }

        return new NDArray<T>(reader.ReadBlock<T>((int)size), shape);
    }
}
