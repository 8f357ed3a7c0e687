namespace Orleans.Dask.Frames;

/// <summary>A column as it stands in the rows.</summary>
internal sealed class ColumnReference(string name) : ColumnExpression
{
    public string Name { get; } = name;

    public override ColumnType TypeIn(FrameSchema schema) => schema[Name];

    public override Column Evaluate(Frame rows) => rows.Find(Name);

    public override void CollectColumns(ISet<string> names) => names.Add(Name);

    public override string ToString() => $"[{Name.Replace("]", "]]", StringComparison.Ordinal)}]";
}
