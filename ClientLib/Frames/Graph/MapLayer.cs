using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>Value i is made from value i of another layer.</summary>
internal sealed class MapLayer(string name, TaskFunction function, string source, int count) : TaskLayer
{
    public override string Name => name;

    public override int Count => count;

    public override IReadOnlyCollection<string> DependsOn => [source];

    public override TaskNode Node(int index) => new CallNode(new TaskKey(name, index), function, new TaskKey(source, index));
}
