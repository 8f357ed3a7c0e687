namespace Orleans.Dask.Frames;

/// <summary>Names and types of columns: what is known of a frame before anything runs.</summary>
internal sealed class FrameSchema(string[] names, ColumnType[] types)
{
    public string[] Names { get; } = names;

    public ColumnType[] Types { get; } = types;

    public static FrameSchema Of(Frame frame) => new(frame.NameArray, [.. frame.ColumnArray.Select(column => column.Type)]);

    /// <exception cref="FrameException">No such column.</exception>
    public ColumnType this[string name]
    {
        get
        {
            var at = Array.IndexOf(Names, name);
            return at >= 0 ? Types[at] : throw FrameException.UnknownColumn(name, Names);
        }
    }

    public FrameSchema Only(IReadOnlyCollection<string> names)
    {
        var kept = Names.Where(names.Contains).ToArray();
        return new FrameSchema(kept, [.. kept.Select(name => this[name])]);
    }

    public Frame EmptyFrame() => new(Names, [.. Types.Select(Column.Empty)], null);

    public override string ToString() => string.Join(",", Names.Zip(Types, (name, type) => $"{name}:{type}"));
}
