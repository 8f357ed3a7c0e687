namespace Orleans.Dask.Frames;

/// <summary>One row per group: the mean of an expression, labelled by the key, in one partition.</summary>
internal sealed class GroupMeanRowSource(RowSource rows, ColumnExpression key, string? keyName, ColumnExpression value, string valueName) : RowSource
{
    /// <summary>Tables of groups are small beside partitions: eight at a time keep the tree flat and the two cores of a laptop busy.</summary>
    private const int FanIn = 8;

    public override FrameSchema Schema { get; } = new([valueName], [ColumnType.Float64]);

    public override int Partitions => 1;

    public override string Token { get; } = FrameToken.Of($"group-mean|{rows.Token}|{key}|{keyName}|{value}|{valueName}");

    public override FrameGraph ToGraph(IReadOnlyCollection<string> columns)
    {
        var needed = new HashSet<string>();
        key.CollectColumns(needed);
        value.CollectColumns(needed);
        var whole = rows.ToGraph(needed)
            .Map("group-mean-partial", $"{key}|{value}", new GroupMean.Partial(key, value))
            .Reduce("group-mean-combine", "", new GroupMean.Combine(), FanIn);
        var name = FrameToken.Name("group-mean", $"{whole.Layer}|{keyName}|{valueName}");
        var finish = new LastLayer(name, new GroupMean.Finish(keyName, valueName), whole.Layer, whole.Partitions - 1);
        return new FrameGraph(whole.Graph.With(finish), name, 1);
    }
}
