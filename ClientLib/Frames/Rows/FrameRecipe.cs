namespace Orleans.Dask.Frames;

/// <summary>Rows and expressions over them as tasks: the columns read, then all expressions at once.</summary>
internal static class FrameRecipe
{
    public static FrameGraph ToGraph(RowSource rows, (string Name, ColumnExpression Values)[] columns)
    {
        var needed = new HashSet<string>();
        foreach (var (_, values) in columns)
        {
            values.CollectColumns(needed);
        }

        var source = rows.ToGraph(needed);
        if (columns.Select(column => column.Name).SequenceEqual(rows.Schema.Names)
            && columns.All(column => column.Values is ColumnReference reference && reference.Name == column.Name))
        {
            return source;
        }

        var kernel = new EvaluateColumns([.. columns.Select(column => column.Name)], [.. columns.Select(column => column.Values)], null);
        return source.Map("evaluate", kernel.ToString(), kernel);
    }
}
