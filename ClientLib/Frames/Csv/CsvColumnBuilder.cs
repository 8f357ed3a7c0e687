namespace Orleans.Dask.Frames;

/// <summary>Collects one column, window by window.</summary>
internal abstract class CsvColumnBuilder(int column)
{
    private ulong[]? _valid;

    /// <summary>Its place among all columns of the file.</summary>
    public int Column { get; } = column;

    protected int Length { get; private set; }

    public static CsvColumnBuilder For(ColumnType type, int column) => type switch
    {
        ColumnType.Int64 => new Int64Builder(column),
        ColumnType.Float64 => new Float64Builder(column),
        ColumnType.String => new StringBuilder(column),
        ColumnType.Timestamp => new TimestampBuilder(column),
        _ => new BooleanBuilder(column),
    };

    /// <summary>Reads this column's field of every row.</summary>
    /// <param name="bytes">The window.</param>
    /// <param name="rows">Where its fields are.</param>
    /// <param name="quote">The quote if one occurs in the window, else 0.</param>
    /// <returns>The first row whose field is not of the type, or -1.</returns>
    public int Append(ReadOnlySpan<byte> bytes, CsvRows rows, byte quote)
    {
        Reserve(Length + rows.Count, bytes.Length);
        if (_valid is not null)
        {
            GrowValidity(Length + rows.Count);
        }

        var unquoted = Array.Empty<byte>();
        var (starts, ends, columns) = (rows.Starts, rows.Ends, rows.Columns);
        for (var row = 0; row < rows.Count; row++)
        {
            var start = Column == 0 ? starts[row] : ends[(row * columns) + Column - 1] + 1;
            var length = ends[(row * columns) + Column] - start;
            var field = length > 0 ? bytes.Slice(start, length) : default;
            if (quote != 0 && length > 0 && field[0] == quote)
            {
                if (unquoted.Length < length)
                {
                    unquoted = new byte[length * 2];
                }

                field = unquoted.AsSpan(0, CsvField.Unquote(field, quote, unquoted));
            }

            if (!TrySet(Length + row, field))
            {
                if (!CsvField.IsMissing(field))
                {
                    return row;
                }

                SetMissing(Length + row);
                if (_valid is null)
                {
                    GrowValidity(Length + rows.Count);
                }

                Validity.Clear(_valid!, Length + row);
            }
        }

        Length += rows.Count;
        return -1;
    }

    public Column Build() => Build(_valid is null ? null : Trim(_valid, Validity.Words(Length)));

    protected abstract void Reserve(int rows, int bytes);

    protected abstract bool TrySet(int row, ReadOnlySpan<byte> field);

    protected virtual void SetMissing(int row)
    {
        // What stands in a missing row means nothing.
    }

    protected abstract Column Build(ulong[]? valid);

    protected static T[] Grown<T>(T[] array, int length)
    {
        if (length > array.Length)
        {
            var grown = GC.AllocateUninitializedArray<T>((int)Math.Min(Array.MaxLength, Math.Max((long)length, array.Length * 2L)));
            array.CopyTo(grown, 0);
            return grown;
        }

        return array;
    }

    protected static T[] Trim<T>(T[] array, int length) => array.Length == length ? array : array.AsSpan(0, length).ToArray();

    private void GrowValidity(int rows)
    {
        var words = Validity.Words(rows);
        var had = _valid?.Length ?? 0;
        if (words > had)
        {
            Array.Resize(ref _valid, Math.Max(words, had * 2));
            Array.Fill(_valid, ulong.MaxValue, had, _valid.Length - had);
        }
    }

    private sealed class Int64Builder(int column) : CsvColumnBuilder(column)
    {
        private long[] _values = [];

        protected override void Reserve(int rows, int bytes) => _values = Grown(_values, rows);

        protected override bool TrySet(int row, ReadOnlySpan<byte> field) => CsvField.TryInt64(field, out _values[row]);

        protected override Column Build(ulong[]? valid) => new Int64Column(Trim(_values, Length), valid);
    }

    private sealed class Float64Builder(int column) : CsvColumnBuilder(column)
    {
        private double[] _values = [];

        protected override void Reserve(int rows, int bytes) => _values = Grown(_values, rows);

        protected override bool TrySet(int row, ReadOnlySpan<byte> field) => CsvField.TryFloat64(field, out _values[row]);

        protected override void SetMissing(int row) => _values[row] = double.NaN;

        protected override Column Build(ulong[]? valid) => new Float64Column(Trim(_values, Length));
    }

    private sealed class TimestampBuilder(int column) : CsvColumnBuilder(column)
    {
        private long[] _values = [];

        protected override void Reserve(int rows, int bytes) => _values = Grown(_values, rows);

        protected override bool TrySet(int row, ReadOnlySpan<byte> field) => CsvField.TryTimestamp(field, out _values[row]);

        protected override Column Build(ulong[]? valid) => new TimestampColumn(Trim(_values, Length), valid);
    }

    private sealed class BooleanBuilder(int column) : CsvColumnBuilder(column)
    {
        private bool[] _values = [];

        protected override void Reserve(int rows, int bytes) => _values = Grown(_values, rows);

        protected override bool TrySet(int row, ReadOnlySpan<byte> field) => CsvField.TryBoolean(field, out _values[row]);

        protected override Column Build(ulong[]? valid) => new BooleanColumn(Trim(_values, Length), valid);
    }

    private sealed class StringBuilder(int column) : CsvColumnBuilder(column)
    {
        private byte[] _bytes = [];
        private int[] _offsets = [0];

        protected override void Reserve(int rows, int bytes)
        {
            _offsets = Grown(_offsets, rows + 1);
            _bytes = Grown(_bytes, checked(_offsets[Length] + bytes));
        }

        protected override bool TrySet(int row, ReadOnlySpan<byte> field)
        {
            if (CsvField.IsMissing(field))
            {
                return false;
            }

            var at = _offsets[row];
            field.CopyTo(_bytes.AsSpan(at));
            _offsets[row + 1] = at + field.Length;
            return true;
        }

        protected override void SetMissing(int row) => _offsets[row + 1] = _offsets[row];

        protected override Column Build(ulong[]? valid) => new StringColumn(Trim(_bytes, _offsets[Length]), Trim(_offsets, Length + 1), valid);
    }
}
