namespace Orleans.Dask.Frames;

/// <summary>The rows of another source where a mask is true, with columns computed from it.</summary>
/// <param name="rows">The source.</param>
/// <param name="columns">Name and expression of each column that the filtered rows have.</param>
/// <param name="mask">Which rows stay.</param>
internal sealed class FilteredRowSource(RowSource rows, (string Name, ColumnExpression Values)[] columns, ColumnExpression mask) : RowSource
{
    public override FrameSchema Schema { get; } =
        new([.. columns.Select(column => column.Name)], [.. columns.Select(column => column.Values.TypeIn(rows.Schema))]);

    public override int Partitions => rows.Partitions;

    public override string Token { get; } =
        FrameToken.Of($"filter|{rows.Token}|{mask}|{string.Join(',', columns.Select(column => $"{column.Name}={column.Values}"))}");

    public override FrameGraph ToGraph(IReadOnlyCollection<string> wanted)
    {
        var kept = columns.Where(column => wanted.Contains(column.Name)).ToArray();
        var needed = new HashSet<string>();
        mask.CollectColumns(needed);
        foreach (var (_, values) in kept)
        {
            values.CollectColumns(needed);
        }

        var kernel = new EvaluateColumns([.. kept.Select(column => column.Name)], [.. kept.Select(column => column.Values)], mask);
        return rows.ToGraph(needed).Map("filter", kernel.ToString(), kernel);
    }
}
