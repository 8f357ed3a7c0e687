using System.Globalization;
using System.Text;

namespace Orleans.Dask.Frames;

/// <summary>
/// Tables as pandas prints them: columns right-aligned, doubles of a column with equally many decimals (at most six),
/// missing as NaN, NaT or &lt;NA&gt;, the middle of a long table left out.
/// </summary>
internal static class FramePrinter
{
    private const int MostRows = 60;
    private const int MostColumns = 20;
    private const int EdgeRows = 5;

    public static string Print(Frame frame)
    {
        if (frame.Columns.Count == 0 || frame.Length == 0)
        {
            return $"Empty Frame\nColumns: [{string.Join(", ", frame.Columns)}]\nRows: {frame.Length}";
        }

        var rows = Shown(frame.Length);
        var hasNames = frame.Index.Names.Any(name => name is not null);
        var cells = new List<string[]>();
        foreach (var (level, name) in frame.Index.Levels.Zip(frame.Index.Names))
        {
            // A line of its own for the names of labels, below those of the columns.
            cells.Add(hasNames ? ["", name ?? "", .. Format(level, rows)] : ["", .. Format(level, rows)]);
        }

        var labels = cells.Count;
        var columns = Enumerable.Range(0, frame.Columns.Count).ToList();
        if (columns.Count > MostColumns)
        {
            columns = [.. columns[..(MostColumns / 2)], -1, .. columns[^(MostColumns / 2)..]];
        }

        foreach (var column in columns)
        {
            string[] values = column < 0 ? [.. rows.Select(_ => "...")] : Format(frame.ColumnArray[column], rows);
            var title = column < 0 ? "..." : frame.Columns[column];
            cells.Add(hasNames ? [title, "", .. values] : [title, .. values]);
        }

        var text = Align(cells, labels);
        return frame.Length <= MostRows && frame.Columns.Count <= MostColumns
            ? text
            : $"{text}\n\n[{frame.Length} rows x {frame.Columns.Count} columns]";
    }

    public static string Print(Series series)
    {
        var named = series.Name is null ? "" : $"Name: {series.Name}, ";
        var length = series.Length > MostRows ? $"Length: {series.Length}, " : "";
        var type = $"{named}{length}dtype: {series.Type.PandasName()}";
        if (series.Length == 0)
        {
            return $"Series([], {type})";
        }

        var rows = Shown(series.Length);
        var cells = new List<string[]>();
        foreach (var level in series.Index.Levels)
        {
            cells.Add(["", .. Format(level, rows)]);
        }

        var labels = cells.Count;
        cells.Add(["", .. Format(series.Values, rows)]);
        var head = string.Join(" ", series.Index.Names.Where(name => name is not null));
        var body = Align(cells, labels, "    ");
        body = body[(body.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        return head.Length == 0 ? $"{body}\n{type}" : $"{head}\n{body}\n{type}";
    }

    /// <summary>Rows to show; -1 stands for those left out.</summary>
    private static int[] Shown(int length) => length <= MostRows
        ? [.. Enumerable.Range(0, length)]
        : [.. Enumerable.Range(0, EdgeRows), -1, .. Enumerable.Range(length - EdgeRows, EdgeRows)];

    private static string[] Format(Column column, int[] rows)
    {
        var missing = column.Type switch { ColumnType.Float64 => "NaN", ColumnType.Timestamp => "NaT", _ => "<NA>" };
        Func<int, string> text = column switch
        {
            Float64Column doubles => Decimals(doubles, rows),
            TimestampColumn times => Times(times, rows),
            _ => column.Text,
        };
        return [.. rows.Select(row => row < 0 ? "..." : column.IsMissing(row) ? missing : text(row))];
    }

    private static Func<int, string> Decimals(Float64Column column, int[] rows)
    {
        var shown = rows.Where(row => row >= 0).Select(row => column.Array[row]).Where(double.IsFinite).ToArray();
        var (largest, smallest) = shown.Length == 0 ? (0, 1) : (shown.Max(Math.Abs), shown.Where(v => v != 0).Select(Math.Abs).DefaultIfEmpty(1).Min());
        if (largest >= 1e15 || smallest < 1e-4)
        {
            return row => double.IsFinite(column.Array[row]) ? Exponent(column.Array[row]) : column.Text(row);
        }

        var decimals = shown.Select(value => Fraction(value.ToString("F6", CultureInfo.InvariantCulture))).DefaultIfEmpty(1).Max();
        var format = $"F{Math.Max(decimals, 1)}";
        return row => double.IsFinite(column.Array[row]) ? column.Array[row].ToString(format, CultureInfo.InvariantCulture) : column.Text(row);

        static string Exponent(double value) => value.ToString("0.000000e+00", CultureInfo.InvariantCulture);
        static int Fraction(string text) => text.TrimEnd('0').Length - text.IndexOf('.', StringComparison.Ordinal) - 1;
    }

    /// <summary>Dates alone where every time shown is midnight.</summary>
    private static Func<int, string> Times(TimestampColumn column, int[] rows) =>
        rows.All(row => row < 0 || column.IsMissing(row) || column.Array[row] % Timestamps.PerDay == 0)
            ? row => column.Text(row)[..10]
            : column.Text;

    private static string Align(List<string[]> cells, int labels, string gap = "  ")
    {
        var text = new StringBuilder();
        var widths = cells.Select(column => column.Max(cell => cell.Length)).ToArray();
        for (var row = 0; row < cells[0].Length; row++)
        {
            if (row > 0)
            {
                text.Append('\n');
            }

            var line = new StringBuilder();
            for (var column = 0; column < cells.Count; column++)
            {
                var cell = cells[column][row];
                line.Append(column == 0 ? "" : column < labels ? "  " : gap).Append(column < labels ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            }

            text.Append(line.ToString().TrimEnd());
        }

        return text.ToString();
    }
}
