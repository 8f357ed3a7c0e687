using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>One value per block of CSV files: does it hold an odd number of quotes.</summary>
internal sealed class CsvQuotesLayer(string name, TaskFunction function, CsvBlock[] blocks) : TaskLayer
{
    public override string Name => name;

    public override int Count => blocks.Length;

    public override IReadOnlyCollection<string> DependsOn => [];

    public override TaskNode Node(int index) => new CallNode(new TaskKey(name, index), function, [], [blocks[index]]);
}

/// <summary>One value: which blocks begin within quotes, from the counts of all.</summary>
internal sealed class CsvSeamsLayer(string name, string counts, int count, TaskFunction function) : TaskLayer
{
    public override string Name => name;

    public override int Count => 1;

    public override IReadOnlyCollection<string> DependsOn => [counts];

    public override TaskNode Node(int index) =>
        new CallNode(new TaskKey(name), function, [.. Enumerable.Range(0, count).Select(i => new TaskKey(counts, i))]);
}

/// <summary>One frame per block.</summary>
/// <param name="name">Of the layer.</param>
/// <param name="function">Reads a block.</param>
/// <param name="blocks">The blocks.</param>
/// <param name="seams">The layer that tells which blocks begin within quotes; null where each file is one block.</param>
internal sealed class CsvReadLayer(string name, TaskFunction function, CsvBlock[] blocks, string? seams) : TaskLayer
{
    public override string Name => name;

    public override int Count => blocks.Length;

    public override IReadOnlyCollection<string> DependsOn => seams is null ? [] : [seams];

    public override TaskNode Node(int index) => seams is null
        ? new CallNode(new TaskKey(name, index), function, [], [blocks[index], index, null])
        : new CallNode(new TaskKey(name, index), function, [new TaskKey(seams)], [blocks[index], index, Input.At(0)]);
}
