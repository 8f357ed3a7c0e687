using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>Recipes of values and of what is hidden among them.</summary>
internal static class Masks
{
    public static Recipe Or(Recipe left, Recipe right) =>
        IsNone(left) && left.Rank <= right.Rank ? right : IsNone(right) && right.Rank <= left.Rank ? left : Element.Call("logical_or", left, right);

    public static Recipe Not(Recipe mask) => Element.Call("logical_not", mask);

    /// <summary>Nothing hidden, in the shape and chunks of an array.</summary>
    public static Recipe None(Recipe array) => Element.Constant(DType.Bool, false, array.Chunks);

    /// <summary>The values, and one value in place of what is hidden.</summary>
    public static Recipe Filled(Recipe data, Recipe mask, object value) =>
        IsNone(mask) ? data : Element.Where(mask, Element.Scalar(data.Type, value), data);

    /// <summary>A mask in the shape of its data.</summary>
    public static Recipe Fit(Recipe mask, Recipe data)
    {
        var shape = Shapes.Broadcast(mask.Shape, data.Shape);
        return shape.AsSpan().SequenceEqual(data.Shape) ? Element.BroadcastTo(mask, data.Shape, data.Chunks)
            : throw new ShapeException($"A mask of shape {Strided.Text(mask.Shape)} for data of shape {Strided.Text(data.Shape)}. Pass one truth value per element, or one that repeats to that shape.");
    }

    /// <summary>numpy.ma's value in place of what is hidden.</summary>
    public static object DefaultFill(DType type) => type switch
    {
        DType.Bool => true,
        DType.Float16 => (Half)1e20f,
        DType.Float32 => 1e20f,
        DType.Float64 => 1e20,
        DType.Complex128 => new Complex(1e20, 0),
        DType.Int8 => unchecked((sbyte)999_999),
        DType.UInt8 => unchecked((byte)999_999),
        DType.Int16 => unchecked((short)999_999),
        DType.UInt16 => unchecked((ushort)999_999),
        _ => Constants.Convert(999_999, type),
    };

    /// <summary>A quotient, hidden also where it is not finite; where it is hidden it holds the left value, as in numpy.ma.</summary>
    public static DaskMaskedArray<TResult> Divide<T, TResult>(DaskMaskedArray<T> left, DaskMaskedArray<T> right, TResult? fillValue)
        where T : unmanaged
        where TResult : unmanaged
    {
        var quotient = Element.Call("divide", left.Data, right.Data);
        var mask = Or(Or(left.Mask, right.Mask), Not(Element.Call("isfinite", quotient)));
        return new(Element.Where(mask, Element.Cast(left.Data, DTypes.Of<TResult>()), quotient), mask, fillValue);
    }

    /// <summary>A value that no other is beyond, so that it never is the least (or the greatest) while another is there.</summary>
    public static object Extreme(DType type, bool greatest) => type switch
    {
        DType.Bool => greatest,
        DType.Int8 => greatest ? sbyte.MaxValue : sbyte.MinValue,
        DType.UInt8 => greatest ? byte.MaxValue : byte.MinValue,
        DType.Int16 => greatest ? short.MaxValue : short.MinValue,
        DType.UInt16 => greatest ? ushort.MaxValue : ushort.MinValue,
        DType.Int32 => greatest ? int.MaxValue : int.MinValue,
        DType.UInt32 => greatest ? uint.MaxValue : uint.MinValue,
        DType.Int64 => greatest ? long.MaxValue : long.MinValue,
        DType.UInt64 => greatest ? ulong.MaxValue : ulong.MinValue,
        DType.Float16 => greatest ? Half.PositiveInfinity : Half.NegativeInfinity,
        DType.Float32 => greatest ? float.PositiveInfinity : float.NegativeInfinity,
        DType.Float64 => greatest ? double.PositiveInfinity : double.NegativeInfinity,
        _ => throw new DTypeException("Min and Max need an order, and complex128 has none. Reduce a real array instead."),
    };

    private static bool IsNone(Recipe mask) => mask is ElementRecipe { Step: TileStep.Constant, Value: false };
}
