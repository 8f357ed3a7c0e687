using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>One value, made from one value of another layer: the last of a tree.</summary>
internal sealed class LastLayer(string name, TaskFunction function, string source, int index) : TaskLayer
{
    public override string Name => name;

    public override int Count => 1;

    public override IReadOnlyCollection<string> DependsOn => [source];

    public override TaskNode Node(int place) => new CallNode(new TaskKey(name), function, new TaskKey(source, index));
}
