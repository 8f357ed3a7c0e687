using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Functions of floating arrays, element by element; float stays float.</summary>
public static class DaskArrayFloatFunctions
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Square root; NaN of negatives.</summary>
        public DaskArray<T> Sqrt() => new(Element.Call("sqrt", array.Recipe));

        /// <summary>Cube root.</summary>
        public DaskArray<T> Cbrt() => new(Element.Call("cbrt", array.Recipe));

        /// <summary>e to the power of it.</summary>
        public DaskArray<T> Exp() => new(Element.Call("exp", array.Recipe));

        /// <summary>2 to the power of it.</summary>
        public DaskArray<T> Exp2() => new(Element.Call("exp2", array.Recipe));

        /// <summary>exp(x) - 1, exact near zero.</summary>
        public DaskArray<T> Expm1() => new(Element.Call("expm1", array.Recipe));

        /// <summary>Natural logarithm; -inf of 0, NaN of negatives.</summary>
        public DaskArray<T> Log() => new(Element.Call("log", array.Recipe));

        /// <summary>Logarithm to base 2.</summary>
        public DaskArray<T> Log2() => new(Element.Call("log2", array.Recipe));

        /// <summary>Logarithm to base 10.</summary>
        public DaskArray<T> Log10() => new(Element.Call("log10", array.Recipe));

        /// <summary>log(1 + x), exact near zero.</summary>
        public DaskArray<T> Log1p() => new(Element.Call("log1p", array.Recipe));

        /// <summary>Sine.</summary>
        public DaskArray<T> Sin() => new(Element.Call("sin", array.Recipe));

        /// <summary>Cosine.</summary>
        public DaskArray<T> Cos() => new(Element.Call("cos", array.Recipe));

        /// <summary>Tangent.</summary>
        public DaskArray<T> Tan() => new(Element.Call("tan", array.Recipe));

        /// <summary>Angle of a sine.</summary>
        public DaskArray<T> ArcSin() => new(Element.Call("arcsin", array.Recipe));

        /// <summary>Angle of a cosine.</summary>
        public DaskArray<T> ArcCos() => new(Element.Call("arccos", array.Recipe));

        /// <summary>Angle of a tangent.</summary>
        public DaskArray<T> ArcTan() => new(Element.Call("arctan", array.Recipe));

        /// <summary>Hyperbolic sine.</summary>
        public DaskArray<T> Sinh() => new(Element.Call("sinh", array.Recipe));

        /// <summary>Hyperbolic cosine.</summary>
        public DaskArray<T> Cosh() => new(Element.Call("cosh", array.Recipe));

        /// <summary>Hyperbolic tangent.</summary>
        public DaskArray<T> Tanh() => new(Element.Call("tanh", array.Recipe));

        /// <summary>Inverse of the hyperbolic sine.</summary>
        public DaskArray<T> ArcSinh() => new(Element.Call("arcsinh", array.Recipe));

        /// <summary>Inverse of the hyperbolic cosine.</summary>
        public DaskArray<T> ArcCosh() => new(Element.Call("arccosh", array.Recipe));

        /// <summary>Inverse of the hyperbolic tangent.</summary>
        public DaskArray<T> ArcTanh() => new(Element.Call("arctanh", array.Recipe));

        /// <summary>Degrees of radians.</summary>
        public DaskArray<T> Rad2Deg() => new(Element.Call("rad2deg", array.Recipe));

        /// <summary>Radians of degrees.</summary>
        public DaskArray<T> Deg2Rad() => new(Element.Call("deg2rad", array.Recipe));

        /// <summary>sin(pi x) / (pi x), 1 at 0.</summary>
        public DaskArray<T> Sinc() => new(Element.Call("sinc", array.Recipe));

        /// <summary>Modified Bessel function of order 0.</summary>
        public DaskArray<T> I0() => new(Element.Call("i0", array.Recipe));

        /// <summary>Distance to the next number away from zero.</summary>
        public DaskArray<T> Spacing() => new(Element.Call("spacing", array.Recipe));

        /// <summary>Whole number not above it.</summary>
        public DaskArray<T> Floor() => new(Element.Call("floor", array.Recipe));

        /// <summary>Whole number not below it.</summary>
        public DaskArray<T> Ceil() => new(Element.Call("ceil", array.Recipe));

        /// <summary>Whole number toward zero.</summary>
        public DaskArray<T> Trunc() => new(Element.Call("trunc", array.Recipe));

        /// <summary>Nearest whole number, ties to even.</summary>
        public DaskArray<T> Rint() => new(Element.Call("rint", array.Recipe));

        /// <summary>Absolute value, floating.</summary>
        public DaskArray<T> Fabs() => new(Element.Call("fabs", array.Recipe));

        /// <summary>Angle of the point (other, this): atan2(this, other).</summary>
        public DaskArray<T> ArcTan2(DaskArray<T> other) => new(Element.Call("arctan2", array.Recipe, other.Recipe));

        /// <summary>Length of the hypotenuse.</summary>
        public DaskArray<T> Hypot(DaskArray<T> other) => new(Element.Call("hypot", array.Recipe, other.Recipe));

        /// <summary>log(exp(x) + exp(y)).</summary>
        public DaskArray<T> LogAddExp(DaskArray<T> other) => new(Element.Call("logaddexp", array.Recipe, other.Recipe));

        /// <summary>log2(2^x + 2^y).</summary>
        public DaskArray<T> LogAddExp2(DaskArray<T> other) => new(Element.Call("logaddexp2", array.Recipe, other.Recipe));

        /// <summary>This with the sign of the other.</summary>
        public DaskArray<T> CopySign(DaskArray<T> other) => new(Element.Call("copysign", array.Recipe, other.Recipe));

        /// <summary>The next number toward the other.</summary>
        public DaskArray<T> NextAfter(DaskArray<T> other) => new(Element.Call("nextafter", array.Recipe, other.Recipe));

        /// <summary>Whole number toward zero.</summary>
        public DaskArray<T> Fix() => array.Trunc();

        /// <summary>Radians of degrees.</summary>
        public DaskArray<T> Radians() => array.Deg2Rad();

        /// <summary>Degrees of radians.</summary>
        public DaskArray<T> Degrees() => array.Rad2Deg();

        /// <summary>Fraction and whole part, both with the number's sign.</summary>
        public (DaskArray<T> Fraction, DaskArray<T> Whole) Modf() => (new(Element.Call("modf_fraction", array.Recipe)), array.Trunc());

        /// <summary>Mantissa in ±[0.5, 1) and power of two.</summary>
        public (DaskArray<T> Mantissa, DaskArray<int> Exponent) Frexp() => (new(Element.Call("frexp_mantissa", array.Recipe)), new(Element.Call("frexp_exponent", array.Recipe)));

        /// <summary>This times 2 to the power of <paramref name="exponent"/>.</summary>
        public DaskArray<T> Ldexp(DaskArray<int> exponent) => new(Element.Call("ldexp", array.Recipe, exponent.Recipe));

        /// <summary>Argument: 0 for positive numbers, pi (or 180 degrees) for negative ones.</summary>
        public DaskArray<T> Angle(bool deg = false)
        {
            DaskArray<T> angle = new(Element.Call("angle", array.Recipe));
            return deg ? angle.Rad2Deg() : angle;
        }

        /// <summary>Quotient; dividing by zero gives an infinity or NaN.</summary>
        public DaskArray<T> Divide(DaskArray<T> other) => new(Element.Call("divide", array.Recipe, other.Recipe));
    }
}
