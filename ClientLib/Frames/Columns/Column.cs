using Orleans.Dask.Frames;

namespace Orleans.Dask;

/// <summary>Values of one type in one buffer, and which of them are missing. Immutable.</summary>
public abstract class Column
{
    private protected Column(int length, ulong[]? valid)
    {
        Length = length;
        Valid = valid;
    }

    /// <summary>What it holds.</summary>
    public abstract ColumnType Type { get; }

    /// <summary>Rows.</summary>
    public int Length { get; }

    /// <summary>Rows without a value.</summary>
    public virtual int MissingCount => Validity.MissingCount(Valid, Length);

    /// <summary>The value of a row, boxed: <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <see cref="DateTime"/> or <see cref="bool"/>; null where it is missing.</summary>
    /// <param name="row">From 0.</param>
    public object? this[int row] => IsMissing(row) ? null : Box(row);

    /// <summary>Is there no value in this row.</summary>
    /// <param name="row">From 0.</param>
    public virtual bool IsMissing(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Length, nameof(row));
        return !Validity.IsSet(Valid, row);
    }

    /// <summary>Integers.</summary>
    public static Column Of(params long[] values) => new Int64Column(values);

    /// <summary>Doubles; NaN is missing.</summary>
    public static Column Of(params double[] values) => new Float64Column(values);

    /// <summary>Texts; null is missing.</summary>
    public static Column Of(params string?[] values) => StringColumn.From(values);

    /// <summary>Points of time; their kind is not kept. .NET's ticks of 100 ns become nanoseconds.</summary>
    public static Column Of(params DateTime[] values) => new TimestampColumn([.. values.Select(Timestamps.FromDateTime)]);

    /// <summary>Truth values.</summary>
    public static Column Of(params bool[] values) => new BooleanColumn(values);

    /// <summary>Memory of the buffers.</summary>
    internal abstract long SizeInBytes { get; }

    internal ulong[]? Valid { get; }

    private protected long ValidityBytes => (Valid?.Length ?? 0) * 8L;

    private protected abstract object Box(int row);

    /// <summary>The value as it is printed; never called for a missing one.</summary>
    internal abstract string Text(int row);

    /// <summary>The rows named, in that order; a row may stand there twice.</summary>
    internal abstract Column Take(ReadOnlySpan<int> rows);

    internal abstract Column Slice(int start, int length);

    internal abstract Column Join(ReadOnlySpan<Column> parts, int length);

    internal static Column Empty(ColumnType type) => type switch
    {
        ColumnType.Int64 => new Int64Column([]),
        ColumnType.Float64 => new Float64Column([]),
        ColumnType.String => StringColumn.From([]),
        ColumnType.Timestamp => new TimestampColumn([]),
        _ => new BooleanColumn([]),
    };

    /// <summary>One after the other; all of one type.</summary>
    internal static Column Concat(params ReadOnlySpan<Column> parts)
    {
        if (parts.Length == 1)
        {
            return parts[0];
        }

        var length = 0;
        foreach (var part in parts)
        {
            if (part.Type != parts[0].Type)
            {
                throw new FrameException($"A column of {part.Type} cannot follow one of {parts[0].Type}. Give both partitions the same type.");
            }

            length = checked(length + part.Length);
        }

        return parts[0].Join(parts, length);
    }
}

/// <summary>A column of values of fixed width.</summary>
/// <typeparam name="T">As stored.</typeparam>
public abstract class Column<T> : Column
    where T : unmanaged
{
    private protected Column(T[] values, ulong[]? valid)
        : base(values.Length, valid) => Array = values;

    /// <summary>All rows; what stands in a missing one means nothing (in <see cref="Float64Column"/> it is NaN).</summary>
    public ReadOnlySpan<T> Values => Array;

    internal override unsafe long SizeInBytes => ((long)Array.Length * sizeof(T)) + ValidityBytes;

    internal T[] Array { get; }

    private protected abstract Column<T> With(T[] values, ulong[]? valid);

    internal override Column Take(ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length];
        var values = Array;
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = values[rows[i]];
        }

        return With(taken, Validity.Take(Valid, rows));
    }

    internal override Column Slice(int start, int length)
    {
        if (start == 0 && length == Length)
        {
            return this;
        }

        ulong[]? valid = null;
        if (Valid is not null)
        {
            valid = Validity.AllPresent(length);
            for (var i = 0; i < length; i++)
            {
                if (!Validity.IsSet(Valid, start + i))
                {
                    Validity.Clear(valid, i);
                }
            }
        }

        return With(Array.AsSpan(start, length).ToArray(), valid);
    }

    internal override Column Join(ReadOnlySpan<Column> parts, int length)
    {
        var joined = GC.AllocateUninitializedArray<T>(length);
        var at = 0;
        foreach (var part in parts)
        {
            var values = ((Column<T>)part).Array;
            values.CopyTo(joined.AsSpan(at));
            at += values.Length;
        }

        return With(joined, Validity.Concat(parts, length));
    }
}
