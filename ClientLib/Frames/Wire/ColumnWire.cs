using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>A column's buffers as blocks of bytes. What comes in may be hostile: nothing read later may lead outside a buffer.</summary>
internal static class ColumnWire
{
    public static void Write(PayloadWriter writer, Column column)
    {
        writer.WriteByte((byte)column.Type);
        writer.WriteBoolean(column.Valid is not null);
        if (column.Valid is { } valid)
        {
            writer.WriteBlock(valid, 0, Validity.Words(column.Length));
        }

        switch (column)
        {
            case Column<long> integers:
                writer.WriteBlock(integers.Array, 0, integers.Length);
                break;
            case Float64Column doubles:
                writer.WriteBlock(doubles.Array, 0, doubles.Length);
                break;
            case BooleanColumn booleans:
                writer.WriteBlock(booleans.Array, 0, booleans.Length);
                break;
            case StringColumn texts:
                writer.WriteBlock(texts.OffsetArray, 0, texts.OffsetArray.Length);
                writer.WriteBlock(texts.Bytes, 0, texts.OffsetArray[^1]);
                break;
        }
    }

    public static Column Read(ref PayloadReader reader, int rows)
    {
        var type = (ColumnType)reader.ReadByte();
        var valid = reader.ReadBoolean() ? reader.ReadBlock<ulong>(Validity.Words(rows)) : null;
        switch (type)
        {
            case ColumnType.Int64:
                return new Int64Column(reader.ReadBlock<long>(rows), valid);
            case ColumnType.Timestamp:
                return new TimestampColumn(reader.ReadBlock<long>(rows), valid);
            case ColumnType.Float64:
                return new Float64Column(reader.ReadBlock<double>(rows));
            case ColumnType.Boolean:
                var truths = new bool[reader.ReadBlock<byte>(rows) is var bytes ? bytes.Length : 0];
                for (var row = 0; row < truths.Length; row++)
                {
                    truths[row] = bytes[row] != 0;
                }

                return new BooleanColumn(truths, valid);
            case ColumnType.String:
                return ReadTexts(ref reader, rows, valid);
            default:
                throw new PayloadException($"a column of type {(int)type} is announced; known are 0 to {(int)ColumnType.Boolean}.");
        }
    }

    private static StringColumn ReadTexts(ref PayloadReader reader, int rows, ulong[]? valid)
    {
        var offsets = reader.ReadBlock<int>(checked(rows + 1));
        for (var row = 0; row < rows; row++)
        {
            if (offsets[row] > offsets[row + 1])
            {
                throw new PayloadException($"text {row} of a column begins at {offsets[row]} and ends at {offsets[row + 1]}.");
            }
        }

        if (offsets[0] != 0)
        {
            throw new PayloadException($"the first text of a column begins at {offsets[0]}, not at 0.");
        }

        return new StringColumn(reader.ReadBlock<byte>(offsets[^1]), offsets, valid);
    }
}
