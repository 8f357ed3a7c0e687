using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>A task over frames that never waits.</summary>
internal abstract class FrameKernel : TaskFunction
{
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context) =>
        new(Run(arguments, context.CancellationToken));

    protected abstract object Run(object?[] arguments, CancellationToken cancellationToken);
}
