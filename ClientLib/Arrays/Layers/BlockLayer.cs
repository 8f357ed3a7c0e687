using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>A layer whose nodes follow a rule.</summary>
internal sealed class BlockLayer(string name, int count, IReadOnlyCollection<string> dependsOn, Func<int, TaskNode> node) : TaskLayer
{
    public override string Name => name;

    public override int Count => count;

    public override IReadOnlyCollection<string> DependsOn => dependsOn;

    public override TaskNode Node(int index) => node(index);
}

/// <summary>A kernel of this library as a task: it takes the blocks as they come and gives the value.</summary>
/// <param name="name">In keys.</param>
/// <param name="kernel">Takes the arguments.</param>
/// <param name="lends">As <see cref="ILending.Lends"/>: false where it calls user code.</param>
internal sealed class KernelFunction(string name, Func<object?[], object?> kernel, bool lends = false) : TaskFunction, ILending
{
    public override string Name => name;

    public bool Lends => lends;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context) => new(kernel(arguments));
}
