using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Operators of arrays with hidden elements: what is hidden on either side is hidden in the result.</summary>
public static class DaskMaskedArrayOperators
{
    extension<T>(DaskMaskedArray<T>)
        where T : unmanaged, INumberBase<T>
    {
        /// <summary>Sum.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator +(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Call("add", left, right);

        /// <summary>Sum, with a number.</summary>
        public static DaskMaskedArray<T> operator +(DaskMaskedArray<T> left, T right) => Call("add", left, (DaskArray<T>)right);

        /// <summary>Sum, with a number.</summary>
        public static DaskMaskedArray<T> operator +(T left, DaskMaskedArray<T> right) => Call("add", (DaskArray<T>)left, right);

        /// <summary>Sum, with a plain array.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator +(DaskMaskedArray<T> left, DaskArray<T> right) => Call("add", left, right);

        /// <summary>Sum, with a plain array.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator +(DaskArray<T> left, DaskMaskedArray<T> right) => Call("add", left, right);

        /// <summary>Difference.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator -(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Call("subtract", left, right);

        /// <summary>Difference, with a number.</summary>
        public static DaskMaskedArray<T> operator -(DaskMaskedArray<T> left, T right) => Call("subtract", left, (DaskArray<T>)right);

        /// <summary>Difference, with a number.</summary>
        public static DaskMaskedArray<T> operator -(T left, DaskMaskedArray<T> right) => Call("subtract", (DaskArray<T>)left, right);

        /// <summary>Difference, with a plain array.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator -(DaskMaskedArray<T> left, DaskArray<T> right) => Call("subtract", left, right);

        /// <summary>Difference, with a plain array.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator -(DaskArray<T> left, DaskMaskedArray<T> right) => Call("subtract", left, right);

        /// <summary>Product.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator *(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Call("multiply", left, right);

        /// <summary>Product, with a number.</summary>
        public static DaskMaskedArray<T> operator *(DaskMaskedArray<T> left, T right) => Call("multiply", left, (DaskArray<T>)right);

        /// <summary>Product, with a number.</summary>
        public static DaskMaskedArray<T> operator *(T left, DaskMaskedArray<T> right) => Call("multiply", (DaskArray<T>)left, right);

        /// <summary>Product, with a plain array.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator *(DaskMaskedArray<T> left, DaskArray<T> right) => Call("multiply", left, right);

        /// <summary>Product, with a plain array.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator *(DaskArray<T> left, DaskMaskedArray<T> right) => Call("multiply", left, right);

        /// <summary>With the other sign.</summary>
        public static DaskMaskedArray<T> operator -(DaskMaskedArray<T> value) => new(Element.Call("negative", value.Data), value.Mask, value.FillValue);
    }

    extension<T>(DaskMaskedArray<T>)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Quotient; hidden also where it is not finite.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator /(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Divide<T>(left, right);

        /// <summary>Quotient, with a number; hidden also where it is not finite.</summary>
        public static DaskMaskedArray<T> operator /(DaskMaskedArray<T> left, T right) => Divide<T>(left, (DaskArray<T>)right);

        /// <summary>Quotient, with a number; hidden also where it is not finite.</summary>
        public static DaskMaskedArray<T> operator /(T left, DaskMaskedArray<T> right) => Divide<T>((DaskArray<T>)left, right);

        /// <summary>Quotient, with a plain array; hidden also where it is not finite.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator /(DaskMaskedArray<T> left, DaskArray<T> right) => Divide<T>(left, right);

        /// <summary>Quotient, with a plain array; hidden also where it is not finite.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<T> operator /(DaskArray<T> left, DaskMaskedArray<T> right) => Divide<T>(left, right);
    }

    extension<T>(DaskMaskedArray<T>)
        where T : unmanaged, INumber<T>
    {
        /// <summary>True where less.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<bool> operator <(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Compare<T>("less", left, right);

        /// <summary>True where less, with a number.</summary>
        public static DaskMaskedArray<bool> operator <(DaskMaskedArray<T> left, T right) => Compare<T>("less", left, (DaskArray<T>)right);

        /// <summary>True where greater.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<bool> operator >(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Compare<T>("greater", left, right);

        /// <summary>True where greater, with a number.</summary>
        public static DaskMaskedArray<bool> operator >(DaskMaskedArray<T> left, T right) => Compare<T>("greater", left, (DaskArray<T>)right);

        /// <summary>True where less or equal.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<bool> operator <=(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Compare<T>("less_equal", left, right);

        /// <summary>True where less or equal, with a number.</summary>
        public static DaskMaskedArray<bool> operator <=(DaskMaskedArray<T> left, T right) => Compare<T>("less_equal", left, (DaskArray<T>)right);

        /// <summary>True where greater or equal.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<bool> operator >=(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Compare<T>("greater_equal", left, right);

        /// <summary>True where greater or equal, with a number.</summary>
        public static DaskMaskedArray<bool> operator >=(DaskMaskedArray<T> left, T right) => Compare<T>("greater_equal", left, (DaskArray<T>)right);
    }

    // As numpy.ma: where the result is hidden, it holds the left value.
    private static DaskMaskedArray<T> Call<T>(string name, DaskMaskedArray<T> left, DaskMaskedArray<T> right)
        where T : unmanaged
    {
        var mask = Masks.Or(left.Mask, right.Mask);
        return new(Element.Where(mask, left.Data, Element.Call(name, left.Data, right.Data)), mask, left.FillValue);
    }

    private static DaskMaskedArray<T> Divide<T>(DaskMaskedArray<T> left, DaskMaskedArray<T> right)
        where T : unmanaged => Masks.Divide<T, T>(left, right, left.FillValue);

    private static DaskMaskedArray<bool> Compare<T>(string name, DaskMaskedArray<T> left, DaskMaskedArray<T> right)
        where T : unmanaged => new(Element.Call(name, left.Data, right.Data), Masks.Or(left.Mask, right.Mask), null);
}

/// <summary>Quotients of masked arrays of whole numbers, in double as everywhere.</summary>
public static class DaskMaskedArrayIntegerOperators
{
    extension<T>(DaskMaskedArray<T>)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>Quotient; hidden also where it is not finite.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<double> operator /(DaskMaskedArray<T> left, DaskMaskedArray<T> right) => Masks.Divide<T, double>(left, right, null);

        /// <summary>Quotient, by a number; hidden also where it is not finite.</summary>
        public static DaskMaskedArray<double> operator /(DaskMaskedArray<T> left, T right) => Masks.Divide<T, double>(left, (DaskArray<T>)right, null);

        /// <summary>Quotient, of a number; hidden also where it is not finite.</summary>
        public static DaskMaskedArray<double> operator /(T left, DaskMaskedArray<T> right) => Masks.Divide<T, double>((DaskArray<T>)left, right, null);

        /// <summary>Quotient, by a plain array; hidden also where it is not finite.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<double> operator /(DaskMaskedArray<T> left, DaskArray<T> right) => Masks.Divide<T, double>(left, right, null);

        /// <summary>Quotient, of a plain array; hidden also where it is not finite.</summary>
        /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
        public static DaskMaskedArray<double> operator /(DaskArray<T> left, DaskMaskedArray<T> right) => Masks.Divide<T, double>(left, right, null);
    }
}
