using System.Text;

namespace Orleans.Dask;

/// <summary>Text: all rows in one UTF-8 buffer, row i from <c>Offsets[i]</c> to <c>Offsets[i + 1]</c>.</summary>
public sealed class StringColumn : Column
{
    /// <summary>Takes the arrays over.</summary>
    /// <param name="bytes">The texts in UTF-8, one after the other; may be longer than what the offsets name.</param>
    /// <param name="offsets">One more than rows, ascending, the first 0.</param>
    /// <param name="valid">Bit row % 64 of word row / 64 is set where a value is present; null: everywhere.</param>
    public StringColumn(byte[] bytes, int[] offsets, ulong[]? valid = null)
        : base(CheckedLength(bytes, offsets), valid)
    {
        Bytes = bytes;
        OffsetArray = offsets;
    }

    /// <inheritdoc/>
    public override ColumnType Type => ColumnType.String;

    /// <summary>Where each row begins, and at last where the last one ends.</summary>
    public ReadOnlySpan<int> Offsets => OffsetArray;

    internal override long SizeInBytes => Bytes.Length + (OffsetArray.Length * 4L) + ValidityBytes;

    internal byte[] Bytes { get; }

    internal int[] OffsetArray { get; }

    /// <summary>One text in UTF-8; empty where it is missing.</summary>
    /// <param name="row">From 0.</param>
    public ReadOnlySpan<byte> Utf8(int row) => Bytes.AsSpan(OffsetArray[row], OffsetArray[row + 1] - OffsetArray[row]);

    private protected override object Box(int row) => Text(row);

    internal override string Text(int row) => Encoding.UTF8.GetString(Utf8(row));

    internal static StringColumn From(IReadOnlyList<string?> values)
    {
        var offsets = new int[values.Count + 1];
        ulong[]? valid = null;
        for (var row = 0; row < values.Count; row++)
        {
            offsets[row + 1] = checked(offsets[row] + (values[row] is { } text ? Encoding.UTF8.GetByteCount(text) : 0));
        }

        var bytes = new byte[offsets[^1]];
        for (var row = 0; row < values.Count; row++)
        {
            if (values[row] is { } text)
            {
                Encoding.UTF8.GetBytes(text, bytes.AsSpan(offsets[row]));
            }
            else
            {
                Frames.Validity.Clear(valid ??= Frames.Validity.AllPresent(values.Count), row);
            }
        }

        return new StringColumn(bytes, offsets, valid);
    }

    internal override Column Take(ReadOnlySpan<int> rows)
    {
        var offsets = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            offsets[i + 1] = checked(offsets[i] + OffsetArray[rows[i] + 1] - OffsetArray[rows[i]]);
        }

        var bytes = GC.AllocateUninitializedArray<byte>(offsets[^1]);
        for (var i = 0; i < rows.Length; i++)
        {
            Utf8(rows[i]).CopyTo(bytes.AsSpan(offsets[i]));
        }

        return new StringColumn(bytes, offsets, Frames.Validity.Take(Valid, rows));
    }

    internal override Column Slice(int start, int length)
    {
        if (start == 0 && length == Length)
        {
            return this;
        }

        var rows = new int[length];
        for (var i = 0; i < length; i++)
        {
            rows[i] = start + i;
        }

        return Take(rows);
    }

    internal override Column Join(ReadOnlySpan<Column> parts, int length)
    {
        var total = 0;
        foreach (var part in parts)
        {
            total = checked(total + ((StringColumn)part).OffsetArray[^1]);
        }

        var bytes = GC.AllocateUninitializedArray<byte>(total);
        var offsets = new int[length + 1];
        int row = 0, at = 0;
        foreach (var part in parts)
        {
            var text = (StringColumn)part;
            text.Bytes.AsSpan(0, text.OffsetArray[^1]).CopyTo(bytes.AsSpan(at));
            for (var i = 0; i < text.Length; i++)
            {
                offsets[++row] = at + text.OffsetArray[i + 1];
            }

            at += text.OffsetArray[^1];
        }

        return new StringColumn(bytes, offsets, Frames.Validity.Concat(parts, length));
    }

    private static int CheckedLength(byte[] bytes, int[] offsets)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(offsets);
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] > bytes.Length)
        {
            throw new FrameException($"Offsets of a string column must start at 0 and end within its {bytes.Length} bytes; found {offsets.Length} of them, the last {(offsets.Length == 0 ? "none" : offsets[^1])}.");
        }

        return offsets.Length - 1;
    }
}
