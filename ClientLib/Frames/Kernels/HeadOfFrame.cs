namespace Orleans.Dask.Frames;

/// <summary>The first rows of a partition.</summary>
internal sealed class HeadOfFrame(int n) : FrameKernel
{
    public override string Name => "head";

    protected override object Run(object?[] arguments, CancellationToken cancellationToken) => ((Frame)arguments[0]!).Head(n);
}
