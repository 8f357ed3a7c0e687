using System.Globalization;
using System.Text;

namespace Orleans.Dask.Frames;

/// <summary>The first record of a file: names of the columns, and where the data begins.</summary>
internal static class CsvHeader
{
    private const int LongestHeader = 1 << 20;

    /// <returns>The names, and the position after the header.</returns>
    public static (string[] Names, long DataStart) Read(string path, byte separator, byte quote)
    {
        using var file = File.OpenHandle(path);
        var buffer = new byte[Math.Min(RandomAccess.GetLength(file), LongestHeader) + 1];
        var held = 0;
        for (int read; (read = RandomAccess.Read(file, buffer.AsSpan(held, buffer.Length - 1 - held), held)) > 0;)
        {
            held += read;
        }

        var start = buffer.AsSpan(0, held).StartsWith("\uFEFF"u8) ? 3 : 0;
        buffer[held] = (byte)'\n';
        var line = FirstRecord(buffer.AsSpan(start, held + 1 - start), separator, quote, out var next);
        if (line.IsEmpty || start + next > held + 1)
        {
            throw new CsvException(held == start
                ? $"{path}: the file is empty. The first line must name the columns."
                : $"{path}, line 1: no header within the first {LongestHeader >> 10} kB. The first line must name the columns.");
        }

        var rows = new CsvRows(line.Count(separator) + 1, capacity: 2);
        rows.Reset();
        CsvCarefulScanner.Scan(line, separator, quote, rows);
        var names = new List<string>();
        for (int column = 0, from = rows.Starts[0]; column < rows.Columns; column++)
        {
            var to = rows.Ends[column];
            if (to < from)
            {
                break;
            }

            names.Add(Name(line[from..to], quote, names));
            from = to + 1;
        }

        return ([.. names], Math.Min(start + next, held));
    }

    /// <summary>The first line that is not blank, its newline included; a newline within quotes ends no line.</summary>
    private static Span<byte> FirstRecord(Span<byte> bytes, byte separator, byte quote, out int next)
    {
        bool inside = false, fieldStart = true;
        for (int i = 0, start = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == quote && (inside || fieldStart))
            {
                inside = !inside;
            }
            else if (bytes[i] == '\n' && !inside)
            {
                next = i + 1;
                if (!bytes[start..i].Trim((byte)'\r').IsEmpty)
                {
                    return bytes[start..next];
                }

                start = next;
            }

            // After a closing quote another may follow: doubled, it opens again.
            fieldStart = bytes[i] == separator || bytes[i] == '\n' || bytes[i] == quote;
        }

        next = bytes.Length;
        return default;
    }

    /// <summary>As pandas names them: an empty one by its place, a repeated one with a number.</summary>
    private static string Name(ReadOnlySpan<byte> field, byte quote, List<string> before)
    {
        if (field.Length > 0 && field[0] == quote)
        {
            var text = new byte[field.Length];
            field = text.AsSpan(0, CsvField.Unquote(field, quote, text));
        }

        var name = field.IsEmpty ? string.Create(CultureInfo.InvariantCulture, $"Unnamed: {before.Count}") : Encoding.UTF8.GetString(field);
        var unique = name;
        for (var again = 1; before.Contains(unique); again++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}.{again}");
        }

        return unique;
    }
}
