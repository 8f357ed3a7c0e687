using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Dask.Frames;

/// <summary>
/// Reads the records of one block straight into columns, a window of the file at a time: scan the window once,
/// then walk it column by column. Columns that nobody wants are scanned but not read.
/// </summary>
internal sealed class CsvBlockReader(CsvFormat format, CsvBlock block, FrameSchema wanted)
{
    /// <summary>A window and the positions of its fields should stay in the second-level cache.</summary>
    private const int WindowBytes = 256 << 10;

    /// <summary>A record longer than this is an unclosed quote rather than a record.</summary>
    private const int LongestRecord = 64 << 20;

    /// <param name="startsInside">Is the byte before the block within quotes.</param>
    /// <param name="endsInside">Is the last byte of the block preceded by an odd number of quotes: where the next block believes to begin.</param>
    /// <param name="maxRows">Stop after so many; for samples.</param>
    /// <param name="cancellationToken">Looked at once per window.</param>
    public Frame Read(bool startsInside, bool endsInside, int maxRows, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(block.Path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        var position = block.IsFirst ? block.Start : CsvQuotes.NextRecord(file, block.Start - 1, startsInside, format.Quote);
        var builders = new CsvColumnBuilder[wanted.Names.Length];
        for (var i = 0; i < builders.Length; i++)
        {
            builders[i] = CsvColumnBuilder.For(wanted.Types[i], Array.IndexOf(format.Columns.Names, wanted.Names[i]));
        }

        var rows = new CsvRows(format.Columns.Names.Length);
        var length = 0;
        if (position < block.End)
        {
            var window = new byte[WindowBytes + 1];
            int held = 0, count = 0;
            while (position < block.End && count < maxRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = RandomAccess.Read(file, window.AsSpan(held, window.Length - 1 - held), position + held);
                held += read;
                var atEnd = read == 0;
                if (atEnd && held > 0 && window[held - 1] != '\n')
                {
                    // The last line of a file may lack its newline.
                    window[held++] = (byte)'\n';
                }

                var bytes = window.AsSpan(0, held);
                var quotes = CsvScanner.Scan(bytes, format.Separator, format.Quote, rows);
                rows.Truncate(Math.Min(block.End - position, int.MaxValue));
                if (rows.TooManyFields > 0 && rows.Consumed + position < block.End)
                {
                    throw TooManyFields(file, position + rows.Consumed, rows.TooManyFields);
                }

                Append(file, builders, bytes, rows, quotes, position);
                count += rows.Count;
                length = count;
                if (atEnd && rows.Consumed < held && position + rows.Consumed < block.End)
                {
                    throw new CsvException($"{At(file, position + rows.Consumed)}: a quoted field is not closed before the file ends. Close it with {(char)format.Quote}, or read the file without quotes.");
                }

                if (rows.Consumed == 0 && read > 0 && held == window.Length - 1)
                {
                    if (held >= LongestRecord)
                    {
                        throw new CsvException($"{At(file, position)}: a record is longer than {LongestRecord >> 20} MB. A quote that is not closed reads on to the next one; look for it there.");
                    }

                    Array.Resize(ref window, window.Length * 2);
                    continue;
                }

                window.AsSpan(rows.Consumed, held - rows.Consumed).CopyTo(window);
                held -= rows.Consumed;
                position += rows.Consumed;
                if (atEnd)
                {
                    break;
                }
            }
        }

        if (!block.IsLast && maxRows == int.MaxValue)
        {
            CheckSeam(file, position, endsInside);
        }

        return new Frame(wanted.Names, [.. builders.Select(builder => builder.Build())], FrameIndex.Range(length));
    }

    private void Append(SafeFileHandle file, CsvColumnBuilder[] builders, ReadOnlySpan<byte> bytes, CsvRows rows, bool quotes, long position)
    {
        foreach (var builder in builders)
        {
            var type = format.Columns.Types[builder.Column];
            if (type == ColumnType.String && rows.Count > 0 && !Utf8.IsValid(bytes[rows.Starts[0]..rows.Starts[rows.Count]]))
            {
                throw new CsvException($"{At(file, position)} and after: bytes that are not UTF-8. Convert the file to UTF-8 first.");
            }

            var bad = builder.Append(bytes, rows, quotes ? format.Quote : (byte)0);
            if (bad >= 0)
            {
                throw BadValue(file, position, bytes, rows, bad, builder.Column);
            }
        }
    }

    /// <summary>This block ended where its own reading of quotes told it; the next one begins where the count of quotes told it. Both must agree, or rows are lost.</summary>
    private void CheckSeam(SafeFileHandle file, long position, bool endsInside)
    {
        if (position < block.End)
        {
            return;
        }

        var next = CsvQuotes.NextRecord(file, block.End - 1, endsInside, format.Quote);
        if (position < next || !OnlyBlank(file, next, position))
        {
            throw new CsvException($"{At(file, Math.Min(position, next))}: a quote stands within an unquoted field near here, so that blocks of this file cannot be told apart. "
                + "Pass blockSize: null to read each file in one piece, or quote that field.");
        }
    }

    /// <summary>Blank lines between two blocks are skipped by the first.</summary>
    private static bool OnlyBlank(SafeFileHandle file, long start, long end)
    {
        Span<byte> one = stackalloc byte[1];
        for (; start < end; start++)
        {
            if (RandomAccess.Read(file, one, start) == 0 || one[0] is not ((byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        return true;
    }

    private CsvException BadValue(SafeFileHandle file, long position, ReadOnlySpan<byte> bytes, CsvRows rows, int row, int column)
    {
        var start = column == 0 ? rows.Starts[row] : rows.Ends[(row * rows.Columns) + column - 1] + 1;
        var value = Encoding.UTF8.GetString(bytes[start..rows.Ends[(row * rows.Columns) + column]]);
        var (name, type) = (format.Columns.Names[column], format.Columns.Types[column]);
        var remedy = type == ColumnType.Timestamp
            ? $"Times are read as yyyy-MM-dd HH:mm:ss. Leave '{name}' out of parseDates to read it as text."
            : $"The type comes from the first {format.SampleRows.ToString(CultureInfo.InvariantCulture)} rows or from types. Pass types: new() {{ [\"{name}\"] = ColumnType.{(type == ColumnType.Int64 && CsvField.TryFloat64(Encoding.UTF8.GetBytes(value), out _) ? "Float64" : "String")} }}.";
        return new CsvException($"{At(file, position + rows.Starts[row])}, column '{name}': '{(value.Length > 100 ? value[..100] + "…" : value)}' is not of type {type}. {remedy}");
    }

    private CsvException TooManyFields(SafeFileHandle file, long position, int fields) =>
        new($"{At(file, position)}: {fields} fields, expected {format.Columns.Names.Length} as in the header. Quote fields that hold the separator '{(char)format.Separator}'.");

    /// <summary>File and line. Lines are counted only now: nobody else needs them.</summary>
    private string At(SafeFileHandle file, long position)
    {
        var buffer = new byte[1 << 16];
        long line = 1;
        for (long at = 0; at < position;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, position - at)), at);
            if (read == 0)
            {
                break;
            }

            line += buffer.AsSpan(0, read).Count((byte)'\n');
            at += read;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{block.Path}, line {line}");
    }
}
