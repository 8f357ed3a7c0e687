namespace Orleans.Dask.Arrays;

/// <summary>
/// A reduction in three steps that compose over chunks: fold elements into parts, merge the parts of two chunks,
/// finish. Parts are arrays of the shape that is left, with the reduced axes kept at length 1.
/// </summary>
internal abstract unsafe class Reducer
{
    /// <summary>As <see cref="ILending.Lends"/>: false where it calls user code.</summary>
    public virtual bool Lends => true;

    /// <summary>Type that elements are converted to before they are folded.</summary>
    public abstract DType Input { get; }

    /// <summary>Type of the answer.</summary>
    public abstract DType Result { get; }

    /// <summary>What tells it from others of its class, for tokens.</summary>
    public virtual string Token => "";

    /// <summary>Parts that stand for no elements at all.</summary>
    public abstract NDArray[] Start(int[] shape);

    /// <summary>Folds a packed tile into the parts; arguments as <see cref="TileSink.Take"/>.</summary>
    public abstract void Fold(byte* tile, byte** parts, long offset, int rows, int columns, long rowStep, long columnStep);

    /// <summary>Adds what <paramref name="from"/> holds to <paramref name="into"/>; both row-major and of one shape.</summary>
    public abstract void Merge(NDArray[] into, NDArray[] from);

    /// <summary>The answer.</summary>
    public abstract NDArray Finish(NDArray[] parts);
}

/// <summary>Hands tiles to a reducer.</summary>
internal sealed unsafe class FoldSink(Reducer reducer, int[] steps, byte** parts) : TileSink
{
    public override int[] Steps => steps;

    public override void Take(byte* tile, long offset, int rows, int columns, long rowStep, long columnStep) =>
        reducer.Fold(tile, parts, offset, rows, columns, rowStep, columnStep);
}
