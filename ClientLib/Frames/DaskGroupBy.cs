using Orleans.Dask.Frames;

namespace Orleans.Dask;

/// <summary>Rows in groups of equal keys; from <see cref="DaskFrame.GroupBy(DaskSeries)"/>.</summary>
public sealed class DaskGroupBy
{
    private readonly RowSource _rows;
    private readonly (string Name, ColumnExpression Values)[] _columns;
    private readonly ColumnExpression _key;
    private readonly string? _keyName;

    internal DaskGroupBy(RowSource rows, (string Name, ColumnExpression Values)[] columns, ColumnExpression key, string? keyName)
    {
        _rows = rows;
        _columns = columns;
        _key = key;
        _keyName = keyName;
    }

    /// <summary>The column to aggregate.</summary>
    /// <exception cref="FrameException">No such column; the message lists those there are.</exception>
    public DaskSeriesGroupBy this[string column]
    {
        get
        {
            var at = Array.FindIndex(_columns, known => known.Name == column);
            return at >= 0
                ? new DaskSeriesGroupBy(_rows, _key, _keyName, _columns[at].Values, column)
                : throw FrameException.UnknownColumn(column, _columns.Select(known => known.Name));
        }
    }
}

/// <summary>One column of rows in groups; from <see cref="DaskGroupBy"/>.</summary>
public sealed class DaskSeriesGroupBy
{
    private readonly RowSource _rows;
    private readonly ColumnExpression _key;
    private readonly string? _keyName;
    private readonly ColumnExpression _values;
    private readonly string _name;

    internal DaskSeriesGroupBy(RowSource rows, ColumnExpression key, string? keyName, ColumnExpression values, string name)
    {
        _rows = rows;
        _key = key;
        _keyName = keyName;
        _values = values;
        _name = name;
    }

    /// <summary>The mean of the present values of each group: sums and counts per partition, combined in a tree.</summary>
    /// <returns>One value per group, labelled by its key, keys ascending; missing where a group has no values. One partition.</returns>
    /// <exception cref="FrameException">Not a column of numbers.</exception>
    public DaskSeries Mean()
    {
        var type = _values.TypeIn(_rows.Schema);
        return type.IsNumber()
            ? new DaskSeries(new GroupMeanRowSource(_rows, _key, _keyName, _values, _name), new ColumnReference(_name), _name)
            : throw new FrameException($"'{_name}' is of {type}; a mean needs numbers.");
    }
}
