using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Functions of all numbers, element by element, that keep the type.</summary>
public static class DaskArrayNumberFunctions
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, INumberBase<T>
    {
        /// <summary>With the other sign.</summary>
        public DaskArray<T> Negative() => new(Element.Call("negative", array.Recipe));

        /// <summary>As it is.</summary>
        public DaskArray<T> Positive() => new(Element.Call("positive", array.Recipe));

        /// <summary>-1, 0 or 1; NaN stays.</summary>
        public DaskArray<T> Sign() => new(Element.Call("sign", array.Recipe));

        /// <summary>Times itself.</summary>
        public DaskArray<T> Square() => new(Element.Call("square", array.Recipe));

        /// <summary>1 / x; whole quotient for integers.</summary>
        public DaskArray<T> Reciprocal() => new(Element.Call("reciprocal", array.Recipe));

        /// <summary>To the power of the other; integers to a negative power are an error when computed.</summary>
        public DaskArray<T> Power(DaskArray<T> other) => new(Element.Call("power", array.Recipe, other.Recipe));
    }
}

/// <summary>Functions of numbers that have an order.</summary>
public static class DaskArrayRealFunctions
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, INumber<T>
    {
        /// <summary>Without sign.</summary>
        public DaskArray<T> Absolute() => new(Element.Call("absolute", array.Recipe));

        /// <summary>Itself, there being no imaginary part.</summary>
        public DaskArray<T> Real() => new(Element.Call("real", array.Recipe));

        /// <summary>Zero.</summary>
        public DaskArray<T> Imag() => new(Element.Call("imag", array.Recipe));

        /// <summary>Quotient rounded toward minus infinity; integers by 0 give 0.</summary>
        public DaskArray<T> FloorDivide(DaskArray<T> other) => new(Element.Call("floor_divide", array.Recipe, other.Recipe));

        /// <summary>Remainder with the sign of the divisor.</summary>
        public DaskArray<T> Mod(DaskArray<T> other) => new(Element.Call("mod", array.Recipe, other.Recipe));

        /// <summary>Remainder with the sign of the dividend.</summary>
        public DaskArray<T> Fmod(DaskArray<T> other) => new(Element.Call("fmod", array.Recipe, other.Recipe));

        /// <summary>The larger; NaN if either is.</summary>
        public DaskArray<T> Maximum(DaskArray<T> other) => new(Element.Call("maximum", array.Recipe, other.Recipe));

        /// <summary>The smaller; NaN if either is.</summary>
        public DaskArray<T> Minimum(DaskArray<T> other) => new(Element.Call("minimum", array.Recipe, other.Recipe));

        /// <summary>The larger; the other one if one is NaN.</summary>
        public DaskArray<T> Fmax(DaskArray<T> other) => new(Element.Call("fmax", array.Recipe, other.Recipe));

        /// <summary>The smaller; the other one if one is NaN.</summary>
        public DaskArray<T> Fmin(DaskArray<T> other) => new(Element.Call("fmin", array.Recipe, other.Recipe));

        /// <summary>Is it infinity.</summary>
        public DaskArray<bool> IsPosInf() => new(Element.Call("isposinf", array.Recipe));

        /// <summary>Is it minus infinity.</summary>
        public DaskArray<bool> IsNegInf() => new(Element.Call("isneginf", array.Recipe));

        /// <summary>Has it a minus sign, zero included.</summary>
        public DaskArray<bool> SignBit() => new(Element.Call("signbit", array.Recipe));

        /// <summary>Whole quotient and remainder, together.</summary>
        public (DaskArray<T> Quotient, DaskArray<T> Remainder) Divmod(DaskArray<T> other) => (array.FloorDivide(other), array.Mod(other));

        /// <summary>To the power of the other, in double.</summary>
        public DaskArray<double> FloatPower(DaskArray<T> other) => new(Element.Call("float_power", array.Recipe, other.Recipe));

        /// <summary>Limited to [min, max]; null is no limit.</summary>
        public DaskArray<T> Clip(T? min = null, T? max = null)
        {
            var clipped = min is { } low ? array.Maximum(low) : array;
            return max is { } high ? clipped.Minimum(high) : clipped;
        }

        /// <summary>Limited element by element.</summary>
        public DaskArray<T> Clip(DaskArray<T> min, DaskArray<T> max) => array.Maximum(min).Minimum(max);
    }
}

/// <summary>Functions of the bits of integers.</summary>
public static class DaskArrayBitFunctions
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>Bits that both have.</summary>
        public DaskArray<T> BitwiseAnd(DaskArray<T> other) => new(Element.Call("bitwise_and", array.Recipe, other.Recipe));

        /// <summary>Bits that either has.</summary>
        public DaskArray<T> BitwiseOr(DaskArray<T> other) => new(Element.Call("bitwise_or", array.Recipe, other.Recipe));

        /// <summary>Bits that one has.</summary>
        public DaskArray<T> BitwiseXor(DaskArray<T> other) => new(Element.Call("bitwise_xor", array.Recipe, other.Recipe));

        /// <summary>Times 2 to the power of the other.</summary>
        public DaskArray<T> LeftShift(DaskArray<T> other) => new(Element.Call("left_shift", array.Recipe, other.Recipe));

        /// <summary>Divided by 2 to the power of the other, rounded down.</summary>
        public DaskArray<T> RightShift(DaskArray<T> other) => new(Element.Call("right_shift", array.Recipe, other.Recipe));

        /// <summary>Every bit turned.</summary>
        public DaskArray<T> Invert() => new(Element.Call("invert", array.Recipe));
    }
}

/// <summary>Functions of masks.</summary>
public static class DaskArrayMaskLogic
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension(DaskArray<bool> array)
    {
        /// <summary>True where both are.</summary>
        public DaskArray<bool> BitwiseAnd(DaskArray<bool> other) => new(Element.Call("bitwise_and", array.Recipe, other.Recipe));

        /// <summary>True where either is.</summary>
        public DaskArray<bool> BitwiseOr(DaskArray<bool> other) => new(Element.Call("bitwise_or", array.Recipe, other.Recipe));

        /// <summary>True where one is.</summary>
        public DaskArray<bool> BitwiseXor(DaskArray<bool> other) => new(Element.Call("bitwise_xor", array.Recipe, other.Recipe));

        /// <summary>Or.</summary>
        public DaskArray<bool> Maximum(DaskArray<bool> other) => new(Element.Call("maximum", array.Recipe, other.Recipe));

        /// <summary>And.</summary>
        public DaskArray<bool> Minimum(DaskArray<bool> other) => new(Element.Call("minimum", array.Recipe, other.Recipe));

        /// <summary>Or.</summary>
        public DaskArray<bool> Fmax(DaskArray<bool> other) => new(Element.Call("fmax", array.Recipe, other.Recipe));

        /// <summary>And.</summary>
        public DaskArray<bool> Fmin(DaskArray<bool> other) => new(Element.Call("fmin", array.Recipe, other.Recipe));

        /// <summary>As it is.</summary>
        public DaskArray<bool> Absolute() => new(Element.Call("absolute", array.Recipe));

        /// <summary>As it is.</summary>
        public DaskArray<bool> Real() => new(Element.Call("real", array.Recipe));

        /// <summary>False.</summary>
        public DaskArray<bool> Imag() => new(Element.Call("imag", array.Recipe));
    }
}

/// <summary>The order NumPy gives complex numbers.</summary>
public static class DaskArrayComplexOrder
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension(DaskArray<Complex> array)
    {
        /// <summary>The later in order of real, then imaginary parts.</summary>
        public DaskArray<Complex> Maximum(DaskArray<Complex> other) => new(Element.Call("maximum", array.Recipe, other.Recipe));

        /// <summary>The earlier in order of real, then imaginary parts.</summary>
        public DaskArray<Complex> Minimum(DaskArray<Complex> other) => new(Element.Call("minimum", array.Recipe, other.Recipe));
    }
}
