using Orleans.Dask.Frames;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>A table in memory: named columns of equal length and labels for the rows. Immutable; prints as pandas does.</summary>
[PayloadCodec(typeof(FrameCodec))]
public sealed class Frame : ISizedValue
{
    private readonly string[] _names;
    private readonly Column[] _columns;

    /// <summary>A table of these columns.</summary>
    /// <param name="columns">Names and values, all of one length.</param>
    /// <exception cref="FrameException">Lengths differ, or a name occurs twice.</exception>
    public Frame(params (string Name, Column Values)[] columns)
        : this([.. columns.Select(column => column.Name)], [.. columns.Select(column => column.Values)], null)
    {
    }

    internal Frame(string[] names, Column[] columns, FrameIndex? index)
    {
        var length = index?.Length ?? (columns.Length == 0 ? 0 : columns[0].Length);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Length != length)
            {
                throw new FrameException($"Column '{names[i]}' has {columns[i].Length} rows, but the frame has {length}. Give all columns the same length.");
            }

            if (Array.IndexOf(names, names[i]) != i)
            {
                throw new FrameException($"Two columns are named '{names[i]}'. Rename one.");
            }
        }

        _names = names;
        _columns = columns;
        Index = index ?? FrameIndex.Range(length);
    }

    /// <summary>Names of the columns, in their order.</summary>
    public IReadOnlyList<string> Columns => _names;

    /// <summary>Labels of the rows.</summary>
    public FrameIndex Index { get; }

    /// <summary>Rows.</summary>
    public int Length => Index.Length;

    /// <inheritdoc/>
    public long SizeInBytes => _columns.Sum(column => column.SizeInBytes) + Index.LevelArray.Sum(level => level.SizeInBytes) + 100;

    internal Column[] ColumnArray => _columns;

    internal string[] NameArray => _names;

    /// <summary>One column with its labels.</summary>
    /// <exception cref="FrameException">No such column; the message lists those there are.</exception>
    public Series this[string column] => new(column, Find(column), Index);

    /// <summary>The first rows.</summary>
    /// <param name="n">How many at most.</param>
    public Frame Head(int n = 5) => Slice(0, Math.Min(Math.Max(n, 0), Length));

    /// <inheritdoc/>
    public override string ToString() => FramePrinter.Print(this);

    internal Column Find(string column)
    {
        var at = Array.IndexOf(_names, column);
        return at >= 0 ? _columns[at] : throw FrameException.UnknownColumn(column, _names);
    }

    internal Frame Slice(int start, int length) => start == 0 && length == Length
        ? this
        : new Frame(_names, [.. _columns.Select(column => column.Slice(start, length))], Index.Slice(start, length));

    internal Frame Take(ReadOnlySpan<int> rows)
    {
        var taken = new Column[_columns.Length];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = _columns[i].Take(rows);
        }

        return new Frame(_names, taken, Index.Take(rows));
    }

    /// <summary>Rows one after the other; columns by name, in the order of the first.</summary>
    internal static Frame Concat(IReadOnlyList<Frame> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var first = parts[0];
        var columns = new Column[first._columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = Column.Concat([.. parts.Select(part => part.Find(first._names[i]))]);
        }

        return new Frame(first._names, columns, FrameIndex.Concat([.. parts.Select(part => part.Index)]));
    }
}
