using Orleans.Dask.Frames;

namespace Orleans.Dask;

/// <summary>
/// One column in partitions, lazy: a recipe and a type. Arithmetic and comparisons of series of the same frame are evaluated
/// together, in one task per partition.
/// </summary>
public sealed partial class DaskSeries
{
    private readonly RowSource _rows;

    internal DaskSeries(RowSource rows, ColumnExpression expression, string? name)
    {
        _rows = rows;
        Expression = expression;
        Name = name;
        Type = expression.TypeIn(rows.Schema);
    }

    /// <summary>Its name; null after arithmetic of differently named series.</summary>
    public string? Name { get; }

    /// <summary>What it holds.</summary>
    public ColumnType Type { get; }

    /// <summary>How many pieces the rows come in.</summary>
    public int Partitions => _rows.Partitions;

    /// <summary>Parts of points of time.</summary>
    /// <exception cref="FrameException">Not a column of <see cref="ColumnType.Timestamp"/>.</exception>
    public DateTimeAccessor Dt => Type == ColumnType.Timestamp
        ? new DateTimeAccessor(this)
        : throw new FrameException($"{(Name is null ? "This series" : $"'{Name}'")} is of {Type}; .Dt needs Timestamp. Name it in parseDates when reading it.");

    internal ColumnExpression Expression { get; }

    /// <summary>The values, here.</summary>
    /// <param name="scheduler">Null: <see cref="DaskScheduler.Default"/>.</param>
    /// <param name="cancellationToken">Stops what is not begun.</param>
    public async Task<Series> ComputeAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        const string Unnamed = "0";
        var graph = FrameRecipe.ToGraph(_rows, [(Name ?? Unnamed, Expression)]);
        var values = await (scheduler ?? DaskScheduler.Default).ComputeAsync<Frame>(graph.Graph, graph.Keys, cancellationToken);
        var whole = Frame.Concat(values);
        return new Series(Name, whole.ColumnArray[0], whole.Index);
    }

    /// <summary>Name, type and the number of partitions; no values.</summary>
    public override string ToString() => $"DaskSeries ({Partitions} partition{(Partitions == 1 ? "" : "s")})\nName: {Name}, dtype: {Type.PandasName()}";

    internal DaskSeries With(ColumnExpression expression, string? name) => new(_rows, expression, name);

    internal void MustShareRows(RowSource rows)
    {
        if (_rows.Token != rows.Token)
        {
            throw new FrameException($"The series {Expression} belongs to other rows than the frame it is used with: one of them was filtered, or they were read apart. "
                + "Take both from the same frame: first Assign, then filter.");
        }
    }

    private static DaskSeries Combine(DaskSeries left, DaskSeries right, Func<ColumnExpression, ColumnExpression, ColumnExpression> expression)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        right.MustShareRows(left._rows);
        return left.With(expression(left.Expression, right.Expression), left.Name == right.Name ? left.Name : null);
    }
}
