using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>A frame as the buffers it consists of, each one block of bytes: no work per value, whatever the type.</summary>
public sealed class FrameCodec : PayloadCodec<Frame>
{
    /// <inheritdoc/>
    public override void Write(PayloadWriter writer, Frame value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteVarUInt((ulong)value.Length);
        writer.WriteVarUInt((ulong)value.ColumnArray.Length);
        for (var i = 0; i < value.ColumnArray.Length; i++)
        {
            writer.WriteString(value.NameArray[i]);
            ColumnWire.Write(writer, value.ColumnArray[i]);
        }

        writer.WriteInt64(value.Index.Start);
        writer.WriteVarUInt((ulong)value.Index.LevelArray.Length);
        for (var level = 0; level < value.Index.LevelArray.Length; level++)
        {
            writer.WriteString(value.Index.Names[level]);
            ColumnWire.Write(writer, value.Index.LevelArray[level]);
        }
    }

    /// <inheritdoc/>
    public override Frame Read(ref PayloadReader reader)
    {
        var rows = reader.ReadVarUInt();
        if (rows > int.MaxValue)
        {
            throw new PayloadException($"a frame of {rows:N0} rows is announced; one holds at most {int.MaxValue:N0}.");
        }

        var (names, columns) = ReadColumns(ref reader, (int)rows);
        var start = reader.ReadInt64();
        var (levels, labels) = ReadColumns(ref reader, (int)rows);
        if (names.Contains(null) || names.Distinct().Count() != names.Length)
        {
            throw new PayloadException($"columns of a frame are named {string.Join(", ", names.Select(name => name ?? "null"))}; each needs a name of its own.");
        }

        return new Frame(names!, columns, labels.Length == 0 ? FrameIndex.Range((int)rows, start) : FrameIndex.Of(levels, labels));
    }

    private static (string?[] Names, Column[] Columns) ReadColumns(ref PayloadReader reader, int rows)
    {
        var count = reader.ReadLength(2);
        var (names, columns) = (new string?[count], new Column[count]);
        for (var i = 0; i < count; i++)
        {
            names[i] = reader.ReadString();
            columns[i] = ColumnWire.Read(ref reader, rows);
        }

        return (names, columns);
    }
}
