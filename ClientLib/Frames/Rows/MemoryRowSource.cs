using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>Rows that are values of a graph already: frames in memory, or what a scheduler keeps.</summary>
/// <param name="schema">Columns of each partition.</param>
/// <param name="graph">Holds the layer.</param>
/// <param name="layer">Its values are the partitions.</param>
/// <param name="partitions">How many.</param>
/// <param name="keepsAlive">What must not be collected while the rows are used: the persisted graph.</param>
internal sealed class MemoryRowSource(FrameSchema schema, TaskGraph graph, string layer, int partitions, object? keepsAlive) : RowSource
{
    public override FrameSchema Schema => schema;

    public override int Partitions => partitions;

    public override string Token => layer;

    public object? KeepsAlive => keepsAlive;

    public override FrameGraph ToGraph(IReadOnlyCollection<string> columns) => new(graph, layer, partitions);
}
