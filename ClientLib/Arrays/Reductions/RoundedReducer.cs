namespace Orleans.Dask.Arrays;

/// <summary>Another reducer, its answer rounded to a narrower type.</summary>
internal sealed unsafe class RoundedReducer(Reducer wide, DType result) : Reducer
{
    public override DType Input => wide.Input;

    public override DType Result => result;

    public override string Token => wide.GetType() + wide.Token;

    public override NDArray[] Start(int[] shape) => wide.Start(shape);

    public override void Fold(byte* tile, byte** parts, long offset, int rows, int columns, long rowStep, long columnStep) =>
        wide.Fold(tile, parts, offset, rows, columns, rowStep, columnStep);

    public override void Merge(NDArray[] into, NDArray[] from) => wide.Merge(into, from);

    public override NDArray Finish(NDArray[] parts) => wide.Finish(parts).AsType(result);
}
