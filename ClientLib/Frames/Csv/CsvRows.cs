namespace Orleans.Dask.Frames;

/// <summary>
/// Where the fields of a window's complete rows are, as positions in the window. Field c of row r ends (exclusive) at
/// <c>Ends[r * Columns + c]</c>; it begins after the previous one's separator, field 0 at <c>Starts[r]</c>.
/// Rows that are too short are filled up with fields that end before they begin: length -1, which is missing.
/// </summary>
/// <param name="columns">Fields a row.</param>
/// <param name="capacity">Rows to begin with, at least 1.</param>
internal sealed class CsvRows(int columns, int capacity = 1024)
{
    private int _field;

    public int Columns { get; } = columns;

    public int Count { get; private set; }

    public int[] Starts { get; private set; } = new int[capacity];

    public int[] Ends { get; private set; } = new int[capacity * columns];

    /// <summary>Where the row begins that was not complete; everything before is consumed.</summary>
    public int Consumed => Starts[Count];

    /// <summary>Fields in the row at <see cref="Consumed"/> when it has too many, else 0.</summary>
    public int TooManyFields { get; private set; }

    public void Reset()
    {
        Count = 0;
        TooManyFields = 0;
        _field = 0;
        Starts[0] = 0;
    }

    /// <summary>A separator outside quotes.</summary>
    public void EndField(int position)
    {
        if (_field < Columns)
        {
            Ends[(Count * Columns) + _field] = position;
        }

        _field++;
    }

    /// <summary>A newline outside quotes. False: the row has too many fields; look no further.</summary>
    public bool EndRow(ReadOnlySpan<byte> bytes, int newline)
    {
        var start = Starts[Count];
        var end = newline > start && bytes[newline - 1] == '\r' ? newline - 1 : newline;
        if (_field == 0 && end == start)
        {
            // A blank line is no row.
            Starts[Count] = newline + 1;
            return true;
        }

        if (_field >= Columns)
        {
            TooManyFields = _field + 1;
            return false;
        }

        var at = Count * Columns;
        for (var field = _field; field < Columns; field++)
        {
            Ends[at + field] = end;
        }

        _field = 0;
        if (++Count == Starts.Length)
        {
            Starts = Grown(Starts);
            Ends = Grown(Ends);
        }

        Starts[Count] = newline + 1;
        return true;
    }

    /// <summary>Keeps the rows that begin before <paramref name="limit"/>.</summary>
    public void Truncate(long limit)
    {
        while (Count > 0 && Starts[Count - 1] >= limit)
        {
            Count--;
        }
    }

    private static int[] Grown(int[] array)
    {
        Array.Resize(ref array, array.Length * 2);
        return array;
    }
}
