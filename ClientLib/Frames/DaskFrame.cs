using Orleans.Dask.Frames;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// A table in partitions of rows, each a <see cref="Frame"/>. Lazy: it holds a recipe and the types of its columns, never data;
/// unknown columns and types that don't go together are errors at the call, before any task exists.
/// </summary>
public sealed partial class DaskFrame
{
    private readonly RowSource _rows;
    private readonly (string Name, ColumnExpression Values)[] _columns;

    internal DaskFrame(RowSource rows)
        : this(rows, [.. rows.Schema.Names.Select(name => (name, (ColumnExpression)new ColumnReference(name)))])
    {
    }

    private DaskFrame(RowSource rows, (string Name, ColumnExpression Values)[] columns)
    {
        _rows = rows;
        _columns = columns;
        Types = [.. columns.Select(column => column.Values.TypeIn(rows.Schema))];
    }

    /// <summary>Names of the columns, in their order.</summary>
    public IReadOnlyList<string> Columns => [.. _columns.Select(column => column.Name)];

    /// <summary>What each column holds.</summary>
    public IReadOnlyList<ColumnType> Types { get; }

    /// <summary>How many pieces the rows come in.</summary>
    public int Partitions => _rows.Partitions;

    /// <summary>One column.</summary>
    /// <exception cref="FrameException">No such column; the message lists those there are.</exception>
    public DaskSeries this[string column] => new(_rows, Find(column), column);

    /// <summary>The rows where the mask is true.</summary>
    /// <param name="mask">Truth values computed from this frame; a missing one drops its row.</param>
    /// <exception cref="FrameException">Not truth values, or not of this frame's rows.</exception>
    public DaskFrame this[DaskSeries mask]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(mask);
            mask.MustShareRows(_rows);
            return mask.Type == ColumnType.Boolean
                ? new DaskFrame(new FilteredRowSource(_rows, _columns, mask.Expression))
                : throw new FrameException($"Rows are chosen by truth values, found {mask.Type}: {mask.Expression}. Compare it with something, as in frame[frame[\"fare\"] > 0].");
        }
    }

    /// <summary>Only these columns, in this order. Columns that nobody asks for are not even read.</summary>
    /// <exception cref="FrameException">No such column.</exception>
    public DaskFrame Select(params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return new DaskFrame(_rows, [.. columns.Select(column => (column, Find(column)))]);
    }

    /// <summary>A frame in memory as a lazy one, cut into pieces of equal size.</summary>
    /// <param name="frame">The rows.</param>
    /// <param name="partitions">How many pieces, at least 1.</param>
    public static DaskFrame FromFrame(Frame frame, int partitions = 1)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        var size = (frame.Length + partitions - 1) / partitions;
        return FromFrames([.. Enumerable.Range(0, partitions).Select(i =>
        {
            var start = Math.Min(i * size, frame.Length);
            return frame.Slice(start, Math.Min(size, frame.Length - start));
        })]);
    }

    /// <summary>Frames in memory as the partitions of a lazy one.</summary>
    /// <param name="partitions">At least one; all with the same columns.</param>
    /// <exception cref="FrameException">Columns or types differ.</exception>
    public static DaskFrame FromFrames(params Frame[] partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        if (partitions.Length == 0)
        {
            throw new FrameException("A frame needs at least one partition. Pass an empty Frame if there are no rows.");
        }

        var schema = FrameSchema.Of(partitions[0]);
        foreach (var partition in partitions)
        {
            var found = FrameSchema.Of(partition);
            if (found.ToString() != schema.ToString())
            {
                throw new FrameException($"A partition has columns {found}, the first one {schema}. Give all partitions the same columns and types.");
            }
        }

        // What is in memory has no content to name it by that would be cheaper than itself: its layer gets a number of this process.
        var name = FrameToken.Name("from-frames", $"{Environment.ProcessId}|{Environment.TickCount64}|{Interlocked.Increment(ref s_made)}");
        var builder = new TaskGraphBuilder();
        for (var i = 0; i < partitions.Length; i++)
        {
            builder.Add(new DataNode(new TaskKey(name, i), partitions[i]));
        }

        return new DaskFrame(new MemoryRowSource(schema, builder.Build(), name, partitions.Length, null));
    }

    /// <summary>This frame with one column more, or another in place of the one of that name.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="values">Computed from this frame.</param>
    /// <exception cref="FrameException">Not of this frame's rows.</exception>
    public DaskFrame Assign(string column, DaskSeries values)
    {
        ArgumentNullException.ThrowIfNull(values);
        values.MustShareRows(_rows);
        var at = Array.FindIndex(_columns, had => had.Name == column);
        return new DaskFrame(_rows, at < 0
            ? [.. _columns, (column, values.Expression)]
            : [.. _columns[..at], (column, values.Expression), .. _columns[(at + 1)..]]);
    }

    /// <summary>Groups of rows with equal values in a column.</summary>
    public DaskGroupBy GroupBy(string column) => GroupBy(this[column]);

    /// <summary>Groups of rows with equal values in a series computed from this frame, such as the hour of a time.</summary>
    /// <param name="key">Rows where it is missing belong to no group.</param>
    /// <exception cref="FrameException">Not of this frame's rows.</exception>
    public DaskGroupBy GroupBy(DaskSeries key)
    {
        ArgumentNullException.ThrowIfNull(key);
        key.MustShareRows(_rows);
        return new DaskGroupBy(_rows, _columns, key.Expression, key.Name);
    }

    /// <summary>All rows, here.</summary>
    /// <param name="scheduler">Null: <see cref="DaskScheduler.Default"/>.</param>
    /// <param name="cancellationToken">Stops what is not begun.</param>
    public async Task<Frame> ComputeAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        var graph = ToGraph();
        var values = await (scheduler ?? DaskScheduler.Default).ComputeAsync<Frame>(graph.Graph, graph.Keys, cancellationToken);
        return Frame.Concat(values);
    }

    /// <summary>Computes the partitions and keeps them where they are made; the frame returned begins there.</summary>
    /// <inheritdoc cref="ComputeAsync"/>
    public async Task<DaskFrame> PersistAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        var graph = ToGraph();
        var kept = await (scheduler ?? DaskScheduler.Default).PersistAsync(graph.Graph, graph.Keys, cancellationToken);
        return new DaskFrame(new MemoryRowSource(new FrameSchema([.. Columns], [.. Types]), kept.Graph, graph.Layer, graph.Partitions, kept));
    }

    /// <summary>The first rows of the first partition, here.</summary>
    /// <param name="n">How many at most.</param>
    /// <param name="scheduler">Null: <see cref="DaskScheduler.Default"/>.</param>
    /// <param name="cancellationToken">Stops what is not begun.</param>
    public async Task<Frame> HeadAsync(int n = 5, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        var graph = ToGraph().Map("head", $"{n}", new HeadOfFrame(n));
        var values = await (scheduler ?? DaskScheduler.Default).ComputeAsync<Frame>(graph.Graph, [graph.Keys[0]], cancellationToken);
        return values[0];
    }

    /// <summary>Columns, types and the number of partitions; no rows.</summary>
    public override string ToString() =>
        $"DaskFrame ({Partitions} partition{(Partitions == 1 ? "" : "s")})\n" + string.Join('\n', _columns.Zip(Types, (column, type) => $"{column.Name}  {type.PandasName()}"));

    private static int s_made;

    private FrameGraph ToGraph() => FrameRecipe.ToGraph(_rows, _columns);

    private ColumnExpression Find(string name)
    {
        var at = Array.FindIndex(_columns, column => column.Name == name);
        return at >= 0 ? _columns[at].Values : throw FrameException.UnknownColumn(name, Columns);
    }
}
