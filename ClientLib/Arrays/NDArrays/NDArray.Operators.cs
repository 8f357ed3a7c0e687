using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Operators of arrays of numbers in memory; shapes broadcast.</summary>
public static class NDArrayOperators
{
    extension<T>(NDArray<T>)
        where T : unmanaged, INumberBase<T>
    {
        /// <summary>Sum of two arrays, or of an array and a number.</summary>
        public static NDArray<T> operator +(NDArray<T> left, NDArray<T> right) => (NDArray<T>)Elementwise.Call("add", left, right);

        /// <summary>Difference.</summary>
        public static NDArray<T> operator -(NDArray<T> left, NDArray<T> right) => (NDArray<T>)Elementwise.Call("subtract", left, right);

        /// <summary>Product, element by element.</summary>
        public static NDArray<T> operator *(NDArray<T> left, NDArray<T> right) => (NDArray<T>)Elementwise.Call("multiply", left, right);

        /// <summary>With the other sign.</summary>
        public static NDArray<T> operator -(NDArray<T> value) => (NDArray<T>)Elementwise.Call("negative", value);
    }

    extension<T>(NDArray<T>)
        where T : unmanaged, INumber<T>
    {
        /// <summary>True where less; never where either is NaN.</summary>
        public static NDArray<bool> operator <(NDArray<T> left, NDArray<T> right) => (NDArray<bool>)Elementwise.Call("less", left, right);

        /// <summary>True where greater; never where either is NaN.</summary>
        public static NDArray<bool> operator >(NDArray<T> left, NDArray<T> right) => (NDArray<bool>)Elementwise.Call("greater", left, right);

        /// <summary>True where less or equal.</summary>
        public static NDArray<bool> operator <=(NDArray<T> left, NDArray<T> right) => (NDArray<bool>)Elementwise.Call("less_equal", left, right);

        /// <summary>True where greater or equal.</summary>
        public static NDArray<bool> operator >=(NDArray<T> left, NDArray<T> right) => (NDArray<bool>)Elementwise.Call("greater_equal", left, right);
    }
}

/// <summary>Division of floating arrays in memory.</summary>
public static class NDArrayFloatOperators
{
    extension<T>(NDArray<T>)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Quotient; dividing by zero gives an infinity or NaN.</summary>
        public static NDArray<T> operator /(NDArray<T> left, NDArray<T> right) => (NDArray<T>)Elementwise.Call("divide", left, right);
    }
}

/// <summary>Division of integer arrays in memory.</summary>
public static class NDArrayIntegerOperators
{
    extension<T>(NDArray<T>)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>True quotient, as double.</summary>
        public static NDArray<double> operator /(NDArray<T> left, NDArray<T> right) => (NDArray<double>)Elementwise.Call("divide", left, right);
    }
}

/// <summary>Operators of masks in memory.</summary>
public static class NDArrayMaskOperators
{
    extension(NDArray<bool>)
    {
        /// <summary>True where both are.</summary>
        public static NDArray<bool> operator &(NDArray<bool> left, NDArray<bool> right) => (NDArray<bool>)Elementwise.Call("bitwise_and", left, right);

        /// <summary>True where either is.</summary>
        public static NDArray<bool> operator |(NDArray<bool> left, NDArray<bool> right) => (NDArray<bool>)Elementwise.Call("bitwise_or", left, right);

        /// <summary>True where one is.</summary>
        public static NDArray<bool> operator ^(NDArray<bool> left, NDArray<bool> right) => (NDArray<bool>)Elementwise.Call("bitwise_xor", left, right);

        /// <summary>True where it is not.</summary>
        public static NDArray<bool> operator !(NDArray<bool> value) => (NDArray<bool>)Elementwise.Call("logical_not", value);
    }
}
