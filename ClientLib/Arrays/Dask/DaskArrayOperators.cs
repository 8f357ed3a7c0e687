using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Operators of chunked arrays of numbers; shapes broadcast, chunks are made to agree.</summary>
public static class DaskArrayOperators
{
    extension<T>(DaskArray<T>)
        where T : unmanaged, INumberBase<T>
    {
        /// <summary>Sum of two arrays, or of an array and a number.</summary>
        public static DaskArray<T> operator +(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("add", left.Recipe, right.Recipe));

        /// <summary>Sum, with a number.</summary>
        public static DaskArray<T> operator +(DaskArray<T> left, T right) => left + (DaskArray<T>)right;

        /// <summary>Sum, with a number.</summary>
        public static DaskArray<T> operator +(T left, DaskArray<T> right) => (DaskArray<T>)left + right;

        /// <summary>Difference of two arrays, or of an array and a number.</summary>
        public static DaskArray<T> operator -(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("subtract", left.Recipe, right.Recipe));

        /// <summary>Difference, with a number.</summary>
        public static DaskArray<T> operator -(DaskArray<T> left, T right) => left - (DaskArray<T>)right;

        /// <summary>Difference, with a number.</summary>
        public static DaskArray<T> operator -(T left, DaskArray<T> right) => (DaskArray<T>)left - right;

        /// <summary>Product, element by element; for matrices see <c>MatMul</c>.</summary>
        public static DaskArray<T> operator *(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("multiply", left.Recipe, right.Recipe));

        /// <summary>Product, with a number.</summary>
        public static DaskArray<T> operator *(DaskArray<T> left, T right) => left * (DaskArray<T>)right;

        /// <summary>Product, with a number.</summary>
        public static DaskArray<T> operator *(T left, DaskArray<T> right) => (DaskArray<T>)left * right;

        /// <summary>With the other sign.</summary>
        public static DaskArray<T> operator -(DaskArray<T> value) => new(Element.Call("negative", value.Recipe));

        /// <summary>As it is.</summary>
        public static DaskArray<T> operator +(DaskArray<T> value) => value;
    }
}

/// <summary>Operators of chunked arrays of numbers that have an order.</summary>
public static class DaskArrayOrderOperators
{
    extension<T>(DaskArray<T>)
        where T : unmanaged, INumber<T>
    {
        /// <summary>True where less; never where either is NaN.</summary>
        public static DaskArray<bool> operator <(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("less", left.Recipe, right.Recipe));

        /// <summary>True where less, with a number.</summary>
        public static DaskArray<bool> operator <(DaskArray<T> left, T right) => left < (DaskArray<T>)right;

        /// <summary>True where greater; never where either is NaN.</summary>
        public static DaskArray<bool> operator >(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("greater", left.Recipe, right.Recipe));

        /// <summary>True where greater, with a number.</summary>
        public static DaskArray<bool> operator >(DaskArray<T> left, T right) => left > (DaskArray<T>)right;

        /// <summary>True where less or equal.</summary>
        public static DaskArray<bool> operator <=(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("less_equal", left.Recipe, right.Recipe));

        /// <summary>True where less or equal, with a number.</summary>
        public static DaskArray<bool> operator <=(DaskArray<T> left, T right) => left <= (DaskArray<T>)right;

        /// <summary>True where greater or equal.</summary>
        public static DaskArray<bool> operator >=(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("greater_equal", left.Recipe, right.Recipe));

        /// <summary>True where greater or equal, with a number.</summary>
        public static DaskArray<bool> operator >=(DaskArray<T> left, T right) => left >= (DaskArray<T>)right;

        /// <summary>Remainder with the sign of the divisor, as Python's; see <c>Fmod</c> for C#'s.</summary>
        public static DaskArray<T> operator %(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("mod", left.Recipe, right.Recipe));

        /// <summary>Remainder, with a number.</summary>
        public static DaskArray<T> operator %(DaskArray<T> left, T right) => left % (DaskArray<T>)right;
    }
}

/// <summary>Division of chunked arrays of floating numbers.</summary>
public static class DaskArrayFloatOperators
{
    extension<T>(DaskArray<T>)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Quotient; dividing by zero gives an infinity or NaN.</summary>
        public static DaskArray<T> operator /(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("divide", left.Recipe, right.Recipe));

        /// <summary>Quotient, with a number.</summary>
        public static DaskArray<T> operator /(DaskArray<T> left, T right) => left / (DaskArray<T>)right;

        /// <summary>Quotient, with a number.</summary>
        public static DaskArray<T> operator /(T left, DaskArray<T> right) => (DaskArray<T>)left / right;
    }
}

/// <summary>Operators of chunked arrays of integers.</summary>
public static class DaskArrayIntegerOperators
{
    extension<T>(DaskArray<T>)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>True quotient, as double; see <c>FloorDivide</c> for whole ones.</summary>
        public static DaskArray<double> operator /(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("divide", left.Recipe, right.Recipe));

        /// <summary>Quotient, with a number.</summary>
        public static DaskArray<double> operator /(DaskArray<T> left, T right) => left / (DaskArray<T>)right;

        /// <summary>Bits that both have.</summary>
        public static DaskArray<T> operator &(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("bitwise_and", left.Recipe, right.Recipe));

        /// <summary>Bits that either has.</summary>
        public static DaskArray<T> operator |(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("bitwise_or", left.Recipe, right.Recipe));

        /// <summary>Bits that one has.</summary>
        public static DaskArray<T> operator ^(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("bitwise_xor", left.Recipe, right.Recipe));

        /// <summary>Every bit turned.</summary>
        public static DaskArray<T> operator ~(DaskArray<T> value) => new(Element.Call("invert", value.Recipe));

        /// <summary>Times two to the power of <paramref name="right"/>.</summary>
        public static DaskArray<T> operator <<(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("left_shift", left.Recipe, right.Recipe));

        /// <summary>Divided by two to the power of <paramref name="right"/>, rounded down.</summary>
        public static DaskArray<T> operator >>(DaskArray<T> left, DaskArray<T> right) => new(Element.Call("right_shift", left.Recipe, right.Recipe));
    }
}

/// <summary>Operators of chunked masks.</summary>
public static class DaskArrayMaskOperators
{
    extension(DaskArray<bool>)
    {
        /// <summary>True where both are.</summary>
        public static DaskArray<bool> operator &(DaskArray<bool> left, DaskArray<bool> right) => new(Element.Call("bitwise_and", left.Recipe, right.Recipe));

        /// <summary>True where either is.</summary>
        public static DaskArray<bool> operator |(DaskArray<bool> left, DaskArray<bool> right) => new(Element.Call("bitwise_or", left.Recipe, right.Recipe));

        /// <summary>True where one is.</summary>
        public static DaskArray<bool> operator ^(DaskArray<bool> left, DaskArray<bool> right) => new(Element.Call("bitwise_xor", left.Recipe, right.Recipe));

        /// <summary>True where it is not.</summary>
        public static DaskArray<bool> operator !(DaskArray<bool> value) => new(Element.Call("logical_not", value.Recipe));
    }
}

/// <summary>Operators of chunked complex arrays.</summary>
public static class DaskArrayComplexOperators
{
    extension(DaskArray<Complex>)
    {
        /// <summary>Quotient.</summary>
        public static DaskArray<Complex> operator /(DaskArray<Complex> left, DaskArray<Complex> right) => new(Element.Call("divide", left.Recipe, right.Recipe));

        /// <summary>Quotient, with a number.</summary>
        public static DaskArray<Complex> operator /(DaskArray<Complex> left, Complex right) => left / (DaskArray<Complex>)right;
    }
}
