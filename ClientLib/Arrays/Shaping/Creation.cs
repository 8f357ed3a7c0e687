namespace Orleans.Dask.Arrays;

/// <summary>Masks and matrices that follow from positions.</summary>
internal static class Creation
{
    /// <summary>True at and below diagonal k.</summary>
    public static Recipe Triangle(long[] rows, long[] columns, long k)
    {
        var row = DaskArray.Iota(0, [rows, columns]);
        var column = DaskArray.Iota(1, [rows, columns]);
        return Element.Call("less_equal", column, Element.Call("add", row, Element.Scalar(DType.Int64, k)));
    }

    /// <summary>True on diagonal k.</summary>
    public static Recipe Diagonal(long[] rows, long[] columns, long k)
    {
        var row = DaskArray.Iota(0, [rows, columns]);
        var column = DaskArray.Iota(1, [rows, columns]);
        return Element.Call("equal", column, Element.Call("add", row, Element.Scalar(DType.Int64, k)));
    }
}
